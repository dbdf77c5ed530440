"""The composition root: everything a process needs, built once; nothing here decides anything."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.billing.port import BillingSystem
from app.domain.clock import Clock, SystemClock
from app.domain.errors import BadFile
from app.domain.role import Role, obliged_to_second_factor
from app.identity.oidc import OidcProvider
from app.ivr.flow import FlowSet
from app.ivr.hotline_file import Hotlines, load_hotlines
from app.ivr.loader import load_flows, version_of
from app.ivr.words import Words
from app.mail.port import MailServer
from app.models import everything  # noqa: F401 - rows point to tables that a process may not name otherwise
from app.models.engines import Database
from app.models.office_clock import OfficeClock
from app.models.saved_flows import lay_out, save_flows
from app.models.turns import TurnStore
from app.models.vault import Vault
from app.proving.kept import kept_reports, refutations
from app.services.answer_asks import ANSWERS
from app.services.carry_effects import CARRIES, leave_behind
from app.services.hotlines_in_force import HotlinesInForce
from app.services.take_turn import Edition, Switchboard
from app.settings import Settings, is_loopback
from app.telephony.port import Phone, Softphones
from app.telephony.speech import Speech
from app.telephony.twilio.response import Speaker
from app.telephony.twilio.signature import Gate

_SHIPPED_FLOWS = Path(__file__).parent.parent / "ivr_flows"


def read_settings() -> Settings:
    """The settings of this process, from its environment.

    Raises:
        SettingsFault: with every fault at once.
    """
    return Settings.from_environment()


@dataclass(frozen=True, slots=True)
class Runtime:
    """One process of the office."""

    settings: Settings
    clock: Clock  # the office's time
    wall: Clock  # the machine's time: leases and graces count on it
    database: Database
    vault: Vault
    gate: Gate
    hotlines: HotlinesInForce
    board: Switchboard
    speech: Speech
    identity: OidcProvider | None = None  # the company's own account service; None if there is none
    wire: Phone | None = None  # a phone network in this very process; None for the one that the settings name

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the office, so that its clock may be turned."""
        return is_loopback(self.settings.public_url)

    @property
    def may_tell_neighbours(self) -> bool:
        """Whether events may be posted to addresses that only machines beside ours can reach."""
        return self.is_local or self.settings.webhook_private

    @property
    def obliged(self) -> frozenset[Role]:
        """Whose password is not enough to come in."""
        return obliged_to_second_factor(self.settings.second_factor)

    @classmethod
    def build(
        cls, settings: Settings, *, clock: Clock | None = None, wall: Clock | None = None, unproved: bool = False
    ) -> Runtime:
        """Build everything; flows are read and proved, and a fault in them, or a rule refuted, stops the start.

        Args:
            clock: the office's clock; None for the one all processes of this office share.
            wall: the machine's clock; None for the real one.
            unproved: take flows that no rule was proved of, to try out what refutes them.

        Raises:
            BadFile: with every fault of the flows, the words and the hotline file, or every rule that they break.
        """
        database = Database(settings.database_url, pool_size=10)
        machine = wall or SystemClock()
        vault = Vault(settings.data_keys)
        folder = flow_folder(settings.hotline_config)
        editions = Editions(database, vault, folder)
        edition = editions.newest
        in_file = load_hotlines(settings.hotline_config, flows=edition.flows.entries, languages=edition.words.languages)
        if not unproved:
            _refuse_refuted(edition, in_file, folder, settings.var_dir / "proofs", machine)
        hotlines = HotlinesInForce(database, in_file)
        board = Switchboard(
            database=database,
            vault=vault,
            turns=TurnStore(database, vault),
            present=edition,
            edition=editions.of,
            hotline_named=hotlines.named_or_first,
            answers=ANSWERS,
            carries=CARRIES,
            after_turn=leave_behind,
            public_url=settings.public_url,
        )
        tokens = [token for token in (settings.twilio_auth_token, settings.twilio_auth_token_secondary) if token]
        return cls(
            settings=settings,
            clock=clock or OfficeClock(database, machine, settings.clock_speed),
            wall=machine,
            database=database,
            vault=vault,
            gate=Gate(settings.public_url, tokens),
            hotlines=hotlines,
            board=board,
            speech=Speech(settings.var_dir / "speech"),
            identity=_account_service(settings),
        )

    def keep_flows(self) -> None:
        """Keep the present flows in the database, so that calls that begin now can finish with them."""
        save_flows(
            self.database,
            self.board.present.flows.version,
            flow_folder(self.settings.hotline_config),
            now=self.wall.now(),
        )

    def follow_others(self) -> None:
        """Follow what other processes change: hours of hotlines, and on this machine the speed of the office clock."""
        self.hotlines.keep_up()
        if self.is_local and isinstance(self.clock, OfficeClock):
            self.clock.keep_up()

    def phone(self) -> Phone:
        """The phone network; only who dials asks for it, since its library is slow to load."""
        if self.wire is not None:
            return self.wire
        from app.telephony.twilio.phone import TwilioPhone

        settings = self.settings
        return TwilioPhone(settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_url)

    def softphones(self) -> Softphones | None:
        """The softphones of the agents; None if the office has none. Only who gives out tokens asks for them."""
        settings = self.settings
        if not settings.twilio_api_key_sid:
            return None
        from app.telephony.twilio.softphone import TwilioSoftphones

        return TwilioSoftphones(
            settings.twilio_account_sid,
            settings.twilio_api_key_sid,
            settings.twilio_api_key_secret,
            settings.twilio_api_url if is_loopback(settings.twilio_api_url) else "",
        )

    def billing(self) -> BillingSystem | None:
        """The company's billing system; None if there is none yet. Only processes that deliver orders ask for it."""
        if not self.settings.billing_url:
            return None
        from app.billing.webhook import BillingWebhook

        return BillingWebhook(self.settings.billing_url, self.settings.billing_secret, self.wall)

    def mail(self) -> MailServer | None:
        """The mail server; None if there is none yet. Only processes that post letters ask for it."""
        if not self.settings.smtp_url:
            return None
        from app.mail.smtp import SmtpServer

        return SmtpServer(self.settings.smtp_url, is_local=is_loopback(self.settings.smtp_url))

    def close(self) -> None:
        """Let go of the database."""
        self.hotlines.close()
        if isinstance(self.clock, OfficeClock):
            self.clock.close()
        self.database.dispose()


def _account_service(settings: Settings) -> OidcProvider | None:
    if not settings.oidc_issuer:
        return None
    return OidcProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        our_address=f"{settings.public_url}/desk/login/company/answer",
    )


def flow_folder(hotline_file: Path) -> Path:
    """Where the flows lie: beside the hotline file, or else the shipped ones."""
    beside = hotline_file.parent
    return beside if (beside / "prompts").is_dir() else _SHIPPED_FLOWS


def _refuse_refuted(edition: Edition, hotlines: Hotlines, folder: Path, kept_in: Path, clock: Clock) -> None:
    """Let no caller meet flows that break a rule.

    Raises:
        BadFile: with every rule that they break, and the keys that show it.
    """
    today = clock.now().date()
    reports = kept_reports(edition.flows, edition.words, hotlines, folder=folder, kept_in=kept_in, on=today)
    refuted = refutations(reports)
    if refuted:
        raise BadFile(refuted)


@lru_cache(maxsize=4)
def _read(folder: Path, _version: str) -> tuple[FlowSet, Words]:
    """The flows and words of a folder: while its files stay as they are, all offices of a process share them."""
    words = Words.load(folder / "prompts")
    return load_flows(folder, words), words


class Editions:
    """The present version of what callers hear, and earlier ones as calls still need them."""

    def __init__(self, database: Database, vault: Vault, folder: Path) -> None:
        """Load the present version from `folder`."""
        self._database = database
        self._vault = vault
        self._lock = threading.Lock()
        self.newest = self._load(folder)
        self._known: dict[str, Edition] = {self.newest.flows.version: self.newest}

    def of(self, version: str) -> Edition:
        """A version; the present one if that version was never kept."""
        edition = self._known.get(version)
        if edition is None:
            with self._lock, tempfile.TemporaryDirectory() as folder:
                laid_out = lay_out(self._database, version, Path(folder))
                edition = self._load(Path(folder)) if laid_out else self.newest
                self._known[version] = edition
        return edition

    def _load(self, folder: Path) -> Edition:
        flows, words = _read(folder, version_of(folder))
        return Edition(flows, words, Speaker(words, self._speech_address))

    def _speech_address(self, text: str, language: str) -> str:
        return f"/voice/speech/{self._vault.address(f'{language}|{text}')}.wav"
