"""What goes with a message: pasted, dropped, or refused before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from vestibule.testing import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from browser.visitor import Visitor
    from support.openclaw import RealGateway

MIB = 1024 * 1024
COPY_A_PICTURE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  canvas.getContext("2d").fillRect(0, 0, 8, 8);
  const picture = await new Promise((made) => canvas.toBlob(made));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}"""


async def test_attachments_are_pasted_and_dropped(ada: Visitor, openclaw: RealGateway, tmp_path: Path) -> None:
    """C7: what the gateway would not take is refused here, with its own limits; the rest arrives, and is shown again
    after a reload. A picture that is none is told by its name."""
    openclaw.model.answer("look at these", Reply("Seen."))
    chat = await ada.conversation()
    attached = chat.page.get_by_role("list", name="Attached").get_by_role("listitem")

    await chat.composer.focus()
    await chat.page.evaluate(COPY_A_PICTURE)
    await chat.page.keyboard.press("Control+v")
    await expect(attached).to_contain_text(["image.png"])

    files = {
        "notes.txt": b"The cat is on the mat.",
        "broken.png": b"no picture",
        "huge.bin": bytes(20 * MIB),
        "poster.png": bytes(7 * MIB),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    await drop(chat.page, [tmp_path / name for name in files])
    refused = chat.page.get_by_role("alert")
    await expect(refused).to_contain_text("With huge.bin these are 20.0 MB; this gateway takes 18.6 MB in a message.")
    await expect(refused).to_contain_text("poster.png has 7.0 MB; this gateway takes pictures of up to 6.0 MB.")
    await expect(attached).to_contain_text(["image.png", "notes.txt", "broken.png"])

    await chat.say("look at these")
    await chat.ended("Seen.")
    asked = str(openclaw.model.requests[-1]["messages"])
    assert "The cat is on the mat." in asked
    assert "huge" not in asked

    carried = chat.said.last.get_by_role("list", name="Attachments").get_by_role("listitem")
    await expect(carried.get_by_role("img", name="image.png")).to_be_visible()
    await expect(carried).to_have_text(["", "notes.txt", "broken.png"])
    await chat.page.reload()
    await expect(carried).to_have_text(["image.png", "notes.txt", "broken.png"])


async def drop(page: Page, files: list[Path]) -> None:
    """Files on the conversation, from outside the browser."""
    session = await page.context.new_cdp_session(page)
    box = await page.get_by_role("log").bounding_box()
    assert box is not None
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    hint = page.get_by_text("Drop to attach")
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": box["x"] + 50, "y": box["y"] + 50, "data": data}
        await session.send("Input.dispatchDragEvent", event)
        await expect(hint).to_be_visible(visible=kind != "drop")
    await session.detach()
