"""Settings: from the command line, then the environment, then the settings file, then defaults.

Importing this costs about 0.4 s, so commands import it when they run and `--help` does not.
"""

import tomllib
from pathlib import Path

from platformdirs import user_config_path, user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import UsageError


def settings_file() -> Path:
    """Where the settings file is looked for; it need not exist."""
    return user_config_path("dateline", appauthor=False) / "settings.toml"


class Settings(BaseSettings):
    """What every command can be told. Unknown keys in the settings file are rejected."""

    model_config = SettingsConfigDict(
        env_prefix="DATELINE_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(default_factory=lambda: user_data_path("dateline", appauthor=False))
    llm: str | None = None
    embedding: str | None = None
    chroma_url: str | None = None
    reader: str | None = None
    reranker: str | None = None
    strict: bool = False

    @field_validator("home", mode="before")
    @classmethod
    def _home_is_named(cls, value: object) -> object:
        """Refuse an empty name, which would mean the current folder."""
        if value == "":
            raise ValueError("must not be empty")
        return value

    @field_validator("home")
    @classmethod
    def _home_of_user(cls, value: Path) -> Path:
        return value.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence: given values, environment, settings file."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=settings_file())
        return init_settings, env_settings, toml


def load_settings(**given: str | None) -> Settings:
    """The settings in force, by field name; None means not given on the command line.

    Raises UsageError, in one line, for a settings file that cannot be read or a wrong value.
    """
    told = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**told)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as error:
        raise UsageError(_one_line(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{settings_file()} cannot be read: {error}. Correct it.") from error


def _one_line(error: ValidationError) -> str:
    """The first thing wrong, and where to put it right."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(Settings.model_fields)
        return f"{settings_file()} holds an unknown key, {name}. Known keys: {known}."
    problem = first["msg"].removeprefix("Value error, ")
    return f"The setting {name} is wrong: {problem} (see --help and {settings_file()})."
