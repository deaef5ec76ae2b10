"""Asking the API as the tests of its conventions do."""

import json


def get(api, url, **headers):
    """A GET with headers, their names with underscores; the answer is read whole."""
    with api.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()}) as response:
        response.get_data()
        return response


def clean(problem):
    """A problem without the id of its request."""
    body = json.loads(problem.data)
    assert body.pop("request_id") == problem.headers["X-Request-Id"]
    return body
