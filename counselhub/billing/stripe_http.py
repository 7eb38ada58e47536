"""How the library of Stripe reaches it: with time-outs, no redirects and bounded answers."""

from collections.abc import Mapping
from typing import Any

from stripe import APIConnectionError
from stripe._http_client import HTTPClient  # the class that its documentation tells to extend
from urllib3.exceptions import HTTPError

from counselhub.core.outside import Service

_stripe = Service(read_seconds=15, most_bytes=8 * 2**20)


class BoundedClient(HTTPClient):
    """urllib3 below the library, which does the retries itself."""

    name = "urllib3"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Return body, status and headers. Raises APIConnectionError."""
        try:
            answer = _stripe.ask(method.upper(), url, body=post_data, headers=headers)
        except HTTPError as problem:
            raise _no_answer(str(problem), again=True) from problem
        if answer.raw is None:
            raise _no_answer("the answer is too long", again=False)
        return answer.raw.decode(), answer.status, answer.headers

    def close(self) -> None:
        """Keep the connections: other requests use them."""


def _no_answer(why: str, *, again: bool) -> APIConnectionError:
    made: APIConnectionError = APIConnectionError(why, should_retry=again)  # type: ignore[no-untyped-call]  # the library's
    return made
