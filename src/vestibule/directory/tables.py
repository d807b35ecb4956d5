"""The directory's tables, as typed models. Secrets are columns of sealed text.

Changed only together with a migration: a test compares the two.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy reads the annotations

from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_ID = String(255)


class Base(DeclarativeBase):
    """Metadata of all tables."""


class RouteRow(Base):
    """One owner's route."""

    __tablename__ = "routes"

    owner: Mapped[str] = mapped_column(_ID, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(String(32))
    token: Mapped[str] = mapped_column(Text)
    device_seed: Mapped[str] = mapped_column(Text)
    device_token: Mapped[str] = mapped_column(Text)
    identity: Mapped[str] = mapped_column(_ID)
    identity_header: Mapped[str] = mapped_column(String(128))
    tls_pin: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    created_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MemberRow(Base):
    """One member."""

    __tablename__ = "members"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    owner: Mapped[str] = mapped_column(_ID, index=True)
    role: Mapped[str] = mapped_column(String(32))
    generation: Mapped[str] = mapped_column(String(64))


class FactRow(Base):
    """Facts about the database itself, by name: for now, which key sealed it."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
