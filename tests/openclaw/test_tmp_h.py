async def test_a(openclaw): pass
async def test_b(openclaw): pass
