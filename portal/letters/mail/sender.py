"""Sending messages over SMTP, in a thread: the library waits."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from portal.errors import PortalError

SECONDS = 20.0
STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"


class NotMailed(PortalError):
    """The mail server did not take it. `again`: another try may help."""

    def __init__(self, text: str, *, again: bool) -> None:
        self.again = again
        super().__init__(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server. `security` is starttls, tls, or plain for one on this machine."""

    host: str
    port: int = 587
    security: str = STARTTLS
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Server({self.host!r}, {self.port}, {self.security!r})"


async def send(mail: EmailMessage, server: Server) -> None:
    """Hand a message to the server. Raises NotMailed."""
    try:
        await asyncio.to_thread(_send, mail, server)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotMailed(f"the mail server refuses the address: {codes}", again=max(codes) < 500) from None
    except smtplib.SMTPResponseException as error:
        # A refused sign-in is for the operator to mend, and the message goes then.
        again = error.smtp_code < 500 or isinstance(error, smtplib.SMTPAuthenticationError)
        raise NotMailed(f"the mail server said {error.smtp_code}", again=again) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotMailed(f"the mail server does not answer: {type(error).__name__}", again=True) from None


def _send(mail: EmailMessage, server: Server) -> None:
    context = ssl.create_default_context()
    if server.security == TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    with connection:
        if server.security == STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(mail)
