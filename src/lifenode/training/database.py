"""The portal's database: where it is, and its tables brought to the present form."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, OperationalError

from lifenode.errors import InvalidOption, OutputError
from lifenode.settings import Settings, settings


def open_database(address: str = "") -> Engine:
    """Return the database with its tables in the present form.

    Parameters
    ----------
    address
        An SQLAlchemy address; that of the settings by default, or else SQLite in their `state_dir`.

    Raises
    ------
    InvalidOption
        The address is none, or of a kind whose driver is not installed.
    OutputError
        The folder cannot be made, or the database not be opened.
    """
    address = address or address_in_force()
    try:
        engine = create_engine(address)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise InvalidOption(
            # The address may hold a password.
            f"The address of the database cannot be used: {type(error).__name__}.",
            next_step="Write it as sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME, with its driver installed.",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        migrate(engine)
    except OperationalError as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise OutputError(
            f"The database {shown} cannot be opened: {error.orig}.",
            value=shown,
            next_step="Check LIFENODE_DATABASE_URL, or that LIFENODE_STATE_DIR may be written to.",
        ) from error
    return engine


def address_in_force(known: Settings | None = None) -> str:
    """Return the SQLAlchemy address of the settings, or else that of an SQLite file in their `state_dir`.

    Raises
    ------
    OutputError
        The folder cannot be made.
    """
    known = known or settings()
    if known.database_url:
        return known.database_url
    try:
        known.state_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{known.state_dir} cannot be made: {error.strerror}.", value=known.state_dir) from error
    return f"sqlite:///{known.state_dir.absolute() / 'training.sqlite'}"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, up or down: ``head`` is the present one, ``base`` none at all."""
    configuration = Config()
    configuration.set_main_option("script_location", str(files("lifenode.training") / "migrations"))
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        change = command.downgrade if revision == "base" else command.upgrade
        change(configuration, revision)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()
