"""Who is it: credentials, tokens, tickets and the authenticator. What they may do is `policy`'s affair."""
