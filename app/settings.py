"""Every setting, read once from the environment and then frozen; the only reader of the environment.

A field's name in capitals is the variable's name, its description is what `.env.example` says beside it.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

DataKeys: TypeAlias = tuple[tuple[str, bytes], ...]
SecondFactorRule: TypeAlias = Literal["", "all", "oversight", "offered"]
LogLevel: TypeAlias = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

SECRET_KEY_LENGTH = 32
DATA_KEY_BYTES = 32
PLACEHOLDERS = ("change-me", "changeme", "change_me", "replace-me", "your-secret")


class SettingsFault(Exception):
    """The settings do not allow a safe start; the message lists every fault and what to do about it."""


def is_loopback(url: str) -> bool:
    """Whether only this machine can reach `url`."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseModel):
    """What the operator decides. Secrets do not show in its `repr`, nor in the message of a fault."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, validate_default=True)

    public_url: str = Field(
        description="The URL under which Twilio and browsers reach us; signatures are checked against it, never against"
        " forwarded headers. https, except on a loopback address.",
        examples=["https://hotline.example.org"],
    )
    secret_key: str = Field(
        repr=False,
        description="Signs cookies and tokens; at least 32 random characters. Make one with:"
        ' python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
        examples=["change-me"],
    )
    data_keys: DataKeys = Field(
        repr=False,
        description="Encrypt personal data at rest: id:base64 of 32 bytes, comma-separated. The first one writes, all"
        " of them read. Make one with:"
        " python3 -c \"import base64, secrets; print('k1:' + base64.b64encode(secrets.token_bytes(32)).decode())\"",
        examples=["k1:change-me"],
    )
    twilio_account_sid: str = Field(
        pattern=r"^AC[0-9a-fA-F]{32}$",
        description="The account whose webhooks are believed: AC and 32 hexadecimal digits, from Twilio's console.",
        examples=["AC00000000000000000000000000000000"],
    )
    twilio_auth_token: str = Field(
        repr=False,
        description="Twilio signs its requests with it, and we sign in to Twilio with it. From Twilio's console.",
        examples=["change-me"],
    )
    twilio_auth_token_secondary: str = Field(
        default="",
        repr=False,
        description="The second token while the first is being exchanged; signatures of either are believed.",
    )
    twilio_api_key_sid: str = Field(
        default="",
        pattern=r"^(SK[0-9a-fA-F]{32})?$",
        description="An API key of the account, by which agents can be rung in their browser (docs/runbook.md): SK and"
        " 32 hexadecimal digits, from Twilio's console. Empty: agents have telephone numbers only.",
    )
    twilio_api_key_secret: str = Field(
        default="",
        repr=False,
        description="The secret of that API key; Twilio shows it once, when the key is made.",
    )
    twilio_api_url: str = Field(
        default="https://api.twilio.com",
        description="The base of Twilio's REST API; the local phone network sets its own.",
    )
    billing_url: str = Field(
        default="",
        description="Where the company's billing system takes orders to suspend and to reverse charges: signed JSON by"
        " POST (docs/billing.md). https, except on a loopback address. Empty: orders wait until there is one.",
    )
    billing_secret: str = Field(
        default="",
        repr=False,
        description="Signs the orders to the billing system; at least 32 random characters, known to both sides.",
    )
    smtp_url: str = Field(
        default="",
        repr=False,
        description="The mail server for receipts by e-mail: smtps://NAME:PASSWORD@HOST, or smtp://NAME:PASSWORD@HOST:587"
        " with STARTTLS; unencrypted only on a loopback address. Letters come from the company's e-mail address in the"
        " hotline file. Empty: they wait until there is one.",
    )
    second_factor: SecondFactorRule = Field(
        default="",
        description="Who must have an authenticator besides the password: all; oversight: supervisors and"
        " administrators; offered: nobody must, only if PUBLIC_URL is on a loopback address. Everybody may. Empty:"
        " offered on a loopback address, else oversight.",
    )
    oidc_issuer: str = Field(
        default="",
        description="The company's own account service (OpenID Connect), by which staff may log in: its issuer URL,"
        " exactly as it calls itself. Register PUBLIC_URL/desk/login/company/answer with it as redirect URI. Empty:"
        " passwords only.",
    )
    oidc_client_id: str = Field(default="", description="Our name at the account service; with OIDC_ISSUER only.")
    oidc_client_secret: str = Field(
        default="", repr=False, description="What we sign in to the account service with; with OIDC_ISSUER only."
    )
    oidc_name: str = Field(
        default="",
        description="What the account is called on the login page: Log in with NAME. May be empty.",
    )
    webhook_private: bool = Field(
        default=False,
        description="Whether webhooks may be sent to addresses that only machines beside ours can reach: yes only if"
        " the system that is told of events stands in the same network. On a loopback PUBLIC_URL they may.",
    )
    var_dir: Path = Field(
        default=Path("var"),
        description="The folder for what this machine keeps for itself: speech made here, and what was heard while the"
        " database was away.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="An SQLAlchemy URL. Production: postgresql+psycopg://NAME:PASSWORD@HOST/DATABASE. Empty: the SQLite"
        " file rueckruf.db under VAR_DIR.",
    )
    hotline_config: Path = Field(
        default=Path("ivr_flows/hotline.yaml"),
        description="The hotline file: telephone numbers, flows, languages, opening hours, callback rules.",
    )
    clock_speed: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="How many times faster the office's clock runs, for demonstration, training and tests; above 0, at"
        " most 3600, and other than 1 only if PUBLIC_URL is on a loopback address.",
    )
    calls_per_second: float = Field(
        default=1.0,
        gt=0,
        le=200,
        description="How many calls a second the Twilio account may begin, all clock processes together; Twilio"
        " grants 1 unless more was agreed, and lets what comes faster wait on its side.",
    )
    campaign_alone_up_to: int = Field(
        default=100,
        ge=0,
        description="To how many people a recall campaign may go out that one person has decided alone; above it a"
        " second person must agree. 0: always.",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="The TCP port that the web process listens on.")
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How many proxies of your own stand before the web process and add to X-Forwarded-For; the audit"
        " trail and the list of logins then show where people are. 0: that header is believed of nobody.",
    )
    web_concurrency: int = Field(default=1, ge=1, le=64, description="The number of worker processes that answer HTTP.")
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL.")

    @field_validator("oidc_issuer")
    @classmethod
    def _check_issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (not parts.hostname or parts.query or parts.fragment or parts.username):
            raise ValueError("is no plain https URL")
        if value and parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(value)):
            raise ValueError("is not https; only on a loopback address may it be http")
        return value

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _check_registration(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("is missing; the account service gives it out for OIDC_ISSUER")
        return value

    @field_validator("twilio_api_key_secret")
    @classmethod
    def _check_api_key(cls, value: str, info: ValidationInfo) -> str:
        if value.lower() in PLACEHOLDERS:
            raise ValueError("is the placeholder of the example; put the secret of Twilio's console in its place")
        if bool(value) != bool(info.data.get("twilio_api_key_sid")):
            raise ValueError("and TWILIO_API_KEY_SID belong together; set both or neither")
        return value

    @field_validator("public_url", "twilio_api_url", "billing_url")
    @classmethod
    def _check_url(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.field_name == "billing_url":
            return value
        try:
            parts = urlsplit(value)
        except ValueError as error:
            raise ValueError("is no URL; expected https://HOST") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("is no plain http or https URL; expected https://HOST")
        if parts.username or parts.password:
            raise ValueError("must not hold a name or password")
        if parts.scheme == "http" and not is_loopback(value):
            raise ValueError("is http and not on a loopback address; use https, else everybody on the way can listen")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _check_secret_key(cls, value: str) -> str:
        if any(word in value.lower() for word in PLACEHOLDERS):
            raise ValueError("is the placeholder of the example; put a random value in its place")
        if len(value) < SECRET_KEY_LENGTH:
            raise ValueError(f"has {len(value)} characters; at least {SECRET_KEY_LENGTH} random ones are needed")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("is neither an smtp:// nor an smtps:// URL with a host")
        return value

    @field_validator("second_factor")
    @classmethod
    def _check_second_factor(cls, value: SecondFactorRule, info: ValidationInfo) -> SecondFactorRule:
        is_local = is_loopback(info.data.get("public_url") or "https://elsewhere")
        if value == "offered" and not is_local:
            raise ValueError("must be all or oversight unless PUBLIC_URL is on a loopback address")
        return value or ("offered" if is_local else "oversight")

    @field_validator("billing_secret")
    @classmethod
    def _check_billing_secret(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("billing_url") and len(value) < SECRET_KEY_LENGTH:
            raise ValueError(f"has {len(value)} characters; with BILLING_URL at least {SECRET_KEY_LENGTH} are needed")
        return value

    @field_validator("twilio_auth_token", "twilio_auth_token_secondary")
    @classmethod
    def _check_token(cls, value: str) -> str:
        if value.lower() in PLACEHOLDERS:
            raise ValueError("is the placeholder of the example; put the token of Twilio's console in its place")
        return value

    @field_validator("data_keys", mode="before")
    @classmethod
    def _read_data_keys(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        keys = tuple(_read_data_key(entry.strip()) for entry in value.split(",") if entry.strip())
        if not keys:
            raise ValueError("holds no key")
        if len({name for name, _ in keys}) < len(keys):
            raise ValueError("has the same id twice; every key needs an id of its own")
        return keys

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return f"sqlite:///{info.data.get('var_dir', Path('var'))}/rueckruf.db"
        scheme, found, rest = value.partition("://")
        if scheme in ("postgres", "postgresql", "postgresql+psycopg") and found:
            return f"postgresql+psycopg://{rest}"
        if scheme != "sqlite" or not found:
            raise ValueError("is neither a postgresql:// nor an sqlite:// URL")
        return value

    @field_validator("clock_speed")
    @classmethod
    def _check_clock_speed(cls, value: float, info: ValidationInfo) -> float:
        public_url = info.data.get("public_url")
        if value != 1 and public_url is not None and not is_loopback(public_url):
            raise ValueError("must be 1 unless PUBLIC_URL is on a loopback address: real callers live in real time")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _read_log_level(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that `environ` describes; a variable that is blank counts as not set.

        Raises:
            SettingsFault: if anything is missing or unsafe; it names all faults at once.
        """
        set_to = {name: environ.get(name.upper(), "").strip() for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in set_to.items() if value})
        except ValidationError as error:
            raise SettingsFault(_describe(error)) from None

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings that this process was started with.

        Raises:
            SettingsFault: if anything is missing or unsafe; it names all faults at once.
        """
        return cls.read(environment())


def environment() -> dict[str, str]:
    """A copy of this process's environment, to be handed to a child or to `Settings.read`."""
    return dict(os.environ)  # noqa: TID251 - the one place that reads it


def example() -> str:
    """The text of `.env.example`: every setting with its reason; the required ones are left to be filled in."""
    lines = ["# Every setting, written from app/settings.py; a blank one counts as not set."]
    for name, field in Settings.model_fields.items():
        lines += ["", f"# {field.description}"]
        if field.is_required():
            lines.append(f"{name.upper()}={(field.examples or [''])[0]}")
        else:
            lines.append(f"# {name.upper()}={field.default}")
    return "\n".join(lines) + "\n"


def _read_data_key(entry: str) -> tuple[str, bytes]:
    name, _, encoded = entry.partition(":")
    if any(word in encoded for word in PLACEHOLDERS):
        raise ValueError("is the placeholder of the example; put a random key in its place")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,32}", name) or len(key) != DATA_KEY_BYTES:
        raise ValueError("is not of the form id:base64 of 32 bytes, comma-separated")
    if not any(key):
        raise ValueError("holds a key of zeros; put a random key in its place")
    return name, key


def _describe(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"settings: {len(faults)} to put right; nothing was started"]
    for fault in faults:
        name = str(fault["loc"][0])
        what = "is missing" if fault["type"] == "missing" else fault["msg"].removeprefix("Value error, ")
        lines += [f"  {name.upper()} {what}", f"      {Settings.model_fields[name].description}"]
    return "\n".join(lines)
