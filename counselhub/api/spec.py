"""OpenAPI 3.1 made of the table of operations: what is told is what is checked and answered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from pydantic.json_schema import models_json_schema

from counselhub.api import webhooks
from counselhub.api.operations import CHANGING, Operation
from counselhub.api.shapes import Problem
from counselhub.core import programs
from counselhub.core.errors import TITLES
from counselhub.core.i18n import page_text
from counselhub.hooks.telling import Told
from counselhub.tokens.kinds import Resource

REF = "#/components/schemas/{model}"
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
FORMATS = {"uuid": {"type": "string", "format": "uuid"}}
ALWAYS = (401, 403, 406, 422, 429)
KEY = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"}
Document = dict[str, Any]


def document(operations: Sequence[Operation]) -> Document:
    """Return the description of `operations` in the reader's language, in a stable order."""
    schemas, names = _schemas(operations)
    paths: Document = {}
    for one in sorted(operations, key=lambda known: (known.path, known.method)):
        address = address_of(one)
        paths.setdefault(address, {})[one.method.lower()] = _operation(one, names)
    bearer = {"type": "http", "scheme": "bearer", "description": _("访问令牌，以 chk_ 开头")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "CounselHub", "version": "1", "description": _("与页面同一套规则和权限")},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": one.value, "description": one.label} for one in Resource],
        "paths": paths,
        "webhooks": webhooks.described(REF),
        "components": {"securitySchemes": {"token": bearer}, "schemas": schemas},
    }


def _schemas(operations: Iterable[Operation]) -> tuple[Document, Mapping[Any, str]]:
    shapes: dict[Any, None] = {(Problem, "serialization"): None, (Told, "serialization"): None}
    for one in operations:
        shapes[one.answer, "serialization"] = None
        if one.body is not None:
            shapes[one.body, "validation"] = None
    found, whole = models_json_schema(list(shapes), ref_template=REF)
    return whole.get("$defs", {}), {shape: kept["$ref"] for shape, kept in found.items()}


def _operation(one: Operation, names: Mapping[Any, str]) -> Document:
    told: Document = {
        "operationId": one.name,
        "summary": page_text(one.summary),
        "tags": [one.resource],
        "description": _("令牌要有权限 %(scope)s。", scope=one.scope),
        "parameters": [*_path(one), *_query(one), *_headers(one)],
        "responses": _responses(one, names),
    }
    if one.body is not None:
        shape = {"$ref": names[one.body, "validation"]}
        told["requestBody"] = {"required": True, "content": {programs.JSON: {"schema": shape}}}
    return told


def address_of(one: Operation) -> str:
    """Return an operation's address as a description writes it."""
    return programs.PREFIX + PART.sub(r"{\2}", one.path)


def _path(one: Operation) -> Iterable[Document]:
    for kind, name in PART.findall(one.path):
        schema = FORMATS.get(kind, {"type": "string", "pattern": "^[0-9]{12}$"})
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(one: Operation) -> Iterable[Document]:
    if one.query is None:
        return
    schema = one.query.model_json_schema()
    known = schema.get("$defs", {})
    for name, field in schema["properties"].items():
        shape = {key: value for key, value in _plain(field, known).items() if key != "title"}
        is_needed = name in schema.get("required", ())
        yield {"name": name, "in": "query", "required": is_needed, "schema": shape}


def _plain(field: Document, known: Document) -> Document:
    """Return the schema of an argument: what is left out stands for null, refs are resolved."""
    choices = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
    shape = {**choices[0]}
    if "$ref" in shape:
        shape = {**known[shape["$ref"].rsplit("/", 1)[1]]}
        shape.pop("description", None)
    if field.get("default") is not None:
        shape["default"] = field["default"]
    return shape


def _headers(one: Operation) -> Iterable[Document]:
    if one.method == "POST":
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": KEY}
    if one.method in CHANGING:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": '^"[0-9a-f-]+"$'},
        }


def statuses(one: Operation) -> list[int]:
    """Return every refusal that an operation may answer with."""
    more: list[int] = []
    if PART.search(one.path):
        more.append(404)
    if one.body is not None:
        more += [400, 404, 409, 413, 415]
    elif one.method == "POST":
        more += [400, 409]
    if one.method in CHANGING:
        more += [409, 412, 428]
    return sorted({*ALWAYS, *more})


def _responses(one: Operation, names: Mapping[Any, str]) -> Document:
    limits = {name: {"schema": {"type": "string"}} for name in ("RateLimit", "RateLimit-Policy")}
    etag = {"ETag": {"schema": {"type": "string"}}} if one.has_etag else {}
    answer = {"schema": {"$ref": names[one.answer, "serialization"]}}
    told: Document = {
        "201" if one.made else "200": {
            "description": page_text(one.summary),
            "headers": limits | etag,
            "content": {programs.JSON: answer},
        }
    }
    if one.has_etag and one.method == "GET":
        told["304"] = {"description": _("没有变化")}
    problem = {programs.PROBLEM: {"schema": {"$ref": names[Problem, "serialization"]}}}
    for status in statuses(one):
        told[str(status)] = {
            "description": str(TITLES.get(status, TITLES[400])),
            "content": problem,
        }
    return told
