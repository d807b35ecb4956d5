"""Coming in and going out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.pages import App, SignIn
from browser.visitor import visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from browser.house import House
    from browser.visitor import Visitor


async def test_the_link_signs_in_and_leaves_the_address(browser: Browser, house: House) -> None:
    """S2: the token is taken from the fragment, out of the address, and is good for the next tab too."""
    async with visitor(browser, house, "sign in") as ada:
        app = await ada.sign_in()
        assert "token" not in app.page.url
        await app.page.go_back()
        assert "token" not in app.page.url

        other = await ada.another_tab()
        await expect(other.connection).to_be_visible()


async def test_a_pasted_link_signs_in_for_this_tab_only(browser: Browser, house: House) -> None:
    """Not remembered: a new tab asks again."""
    async with visitor(browser, house, "pasted link") as ada:
        app = await ada.open(house.url)
        await SignIn(app.page).with_text(house.link, remember=False)
        await app.connected()

        other = await ada.open(house.url)
        await expect(SignIn(other.page).heading).to_be_visible()


async def test_a_wrong_token_is_told_at_the_sign_in(browser: Browser, house: House) -> None:
    """W3: 4001 is final: no attempt after attempt, but the sign-in page with the reason."""
    async with visitor(browser, house, "wrong token") as eve:
        app = await eve.open(house.link_with("not-a-token-that-anybody-made"))
        await expect(SignIn(app.page).heading).to_be_visible()
        await expect(SignIn(app.page).reason).to_contain_text("did not accept")


async def test_signing_out_forgets_the_token(ada: Visitor) -> None:
    await ada.app.menu("Account: local", "Sign out")
    await expect(SignIn(ada.app.page).heading).to_be_visible()

    again = await ada.open(ada.house.url)
    await expect(SignIn(again.page).heading).to_be_visible()


async def test_somebody_removed_is_out_within_seconds(browser: Browser, house: House) -> None:
    """S3: the open page ends up at the sign-in, and says why."""
    async with visitor(browser, house, "removed") as vera:
        app: App = await vera.sign_in(await house.link_for("vera", "viewer"))
        await house.revoke("vera")
        await expect(SignIn(app.page).reason).to_contain_text("signed out")
