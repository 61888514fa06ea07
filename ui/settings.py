"""Settings: from the command line, then the environment, then the settings file, then defaults.

Importing this costs about 0.4 s, so commands import it when they run and `--help` does not.
"""

import os
import stat
import tomllib
from pathlib import Path

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from index.errors import UsageError
from rag.llms.options import (
    LARGEST_CONTEXT,
    LONGEST_WAIT,
    SECONDS,
    SMALLEST_CONTEXT,
    LLMOptions,
)


def settings_file() -> Path:
    """Where the settings file is looked for; it need not exist."""
    return user_config_path("dateline", appauthor=False) / "settings.toml"


class Keys(BaseModel):
    """Keys of providers: the table [keys] of the settings file, for its owner alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    openai: SecretStr | None = None
    anthropic: SecretStr | None = None
    google: SecretStr | None = None


class Settings(BaseSettings):
    """What every command can be told. Unknown keys in the settings file are rejected."""

    model_config = SettingsConfigDict(
        env_prefix="DATELINE_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("dateline", appauthor=False))
    llm: str | None = None
    embedding: str | None = None
    chroma_url: str | None = None
    reader: str | None = None
    reranker: str | None = None
    strict: bool = False
    llm_timeout: float = Field(default=SECONDS, gt=0, le=LONGEST_WAIT)
    llm_context: int | None = Field(default=None, ge=SMALLEST_CONTEXT, le=LARGEST_CONTEXT)
    keys: Keys = Keys()
    auth: SecretStr | None = None  # USER:PASSWORD of the server

    def llm_options(self) -> LLMOptions:
        """How a language model is asked."""
        told = {name: getattr(self.keys, name) for name in Keys.model_fields}
        keys = {name: key for name, key in told.items() if key is not None}
        return LLMOptions(self.llm_timeout, self.llm_context, keys)

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
        settings = Settings(**told)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as error:
        raise UsageError(_one_line(error)) from error
    except SettingsError:  # a table in the environment that is no JSON
        raise UsageError(f"DATELINE_KEYS is not used. Put keys into {settings_file()}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{settings_file()} cannot be read: {error}. Correct it.") from error
    auth_in_file = settings.auth and "auth" not in told and not os.environ.get("DATELINE_AUTH")
    if settings.keys != Keys() or auth_in_file:
        _check_is_private(settings_file())
    return settings


def _check_is_private(file: Path) -> None:
    """Refuse a file with secrets that others can read or change. Raises UsageError."""
    if os.name == "posix" and file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise UsageError(f"{file} holds secrets and is open to others. Run: chmod 600 {file}")


def llm_origin(given: str | None, settings: Settings) -> str:
    """Where the language model's name comes from."""
    if given is not None:
        return "--llm"
    if os.environ.get("DATELINE_LLM"):
        return "DATELINE_LLM"
    return str(settings_file()) if settings.llm else "the default"


def _one_line(error: ValidationError) -> str:
    """The first thing wrong, and where to put it right."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(Settings.model_fields)
        return f"{settings_file()} holds an unknown key, {name}. Known keys: {known}."
    problem = first["msg"].removeprefix("Value error, ")
    return f"The setting {name} is wrong: {problem} (see --help and {settings_file()})."
