"""How the library of Stripe reaches it: with time-outs, no redirects and bounded answers."""

from collections.abc import Mapping
from typing import Any

import urllib3
from stripe import APIConnectionError
from stripe._http_client import HTTPClient  # the class that its documentation tells to extend

LARGEST_ANSWER = 8 * 2**20
TIMEOUT = urllib3.Timeout(connect=5, read=15)
_pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT, maxsize=4)


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
            answer = _pool.request(
                method.upper(),
                url,
                body=post_data,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            try:
                body = answer.read(LARGEST_ANSWER + 1)
            finally:
                answer.release_conn()
        except urllib3.exceptions.HTTPError as problem:
            raise _no_answer(str(problem), again=True) from problem
        if len(body) > LARGEST_ANSWER:
            raise _no_answer("the answer is too long", again=False)
        return body.decode(), answer.status, answer.headers

    def close(self) -> None:
        """Keep the connections: other requests use them."""


def _no_answer(why: str, *, again: bool) -> APIConnectionError:
    made: APIConnectionError = APIConnectionError(why, should_retry=again)  # type: ignore[no-untyped-call]  # the library's
    return made
