"""Wires core, policy and features together, nothing else."""

import os
from datetime import timedelta

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError

from counselhub import navigation, tasks
from counselhub.api.blueprint import bp as api
from counselhub.attendance import linking
from counselhub.billing.routes import create_event
from counselhub.claims import disputes
from counselhub.closing import actions as closing
from counselhub.core import (
    access,
    assets,
    config,
    data_keys,
    db,
    errors,
    fragments,
    freshness,
    front,
    htmx,
    i18n,
    limits,
    newcomers,
    outages,
    paging,
    programs,
    queueing,
    refusals,
    sender,
    templates,
)
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.postgres.settings import CHECKOUT
from counselhub.corrections import settling
from counselhub.earlier import correction_actions
from counselhub.factors import guard as factor_guard
from counselhub.features import FEATURES
from counselhub.honey import actions as honey
from counselhub.honey import net
from counselhub.hooks import seals as hook_seals
from counselhub.joining import resealing as joining_keys
from counselhub.leaving import seals as leaving_seals
from counselhub.matters import rotation as matter_keys
from counselhub.matters import sight as matter_sight
from counselhub.notices import channels as notice_channels
from counselhub.notices import links as link_mail
from counselhub.notices.links import Links
from counselhub.notices.mail import Mail
from counselhub.packets import seals as packet_seals
from counselhub.people import confirm_routes, session
from counselhub.policy import POLICY
from counselhub.referrals import seals as referral_seals
from counselhub.retention import rules as retention
from counselhub.retention.commands import SETTING
from counselhub.robots import seals as robot_seals
from counselhub.robots.channel import Robots
from counselhub.roster import holiday_queries
from counselhub.starting import routes as first_path
from counselhub.support import entering as visits
from counselhub.tokens import bearing
from counselhub.work import giving
from counselhub.work import running as long_works


def wire(urls: DatabaseUrls) -> Flask:
    """Return the application on the database of `urls`."""
    settings = config.from_environment()
    app = db.TransactionalFlask(
        "counselhub",
        static_folder=str(CHECKOUT / "static"),
        template_folder=str(CHECKOUT / "templates"),
    )
    app.config.update(
        SECRET_KEY=config.secret_key(settings.data_dir),
        SQLALCHEMY_DATABASE_URI=urls.app,
        # Without a login of its own, the application gives up the owner's rights.
        DATABASE_SET_ROLE=urls.app == urls.owner,
        AUDIT_DAYS=settings.audit_days,
        OFFLINE_HOURS=settings.offline_hours,
        POSITION_ACCURACY_M=settings.position_accuracy_m,
        STRIPE_KEY=settings.stripe_key,
        STRIPE_WEBHOOK_SECRET=settings.stripe_webhook_secret,
        STRIPE_API=settings.stripe_api,
        PAYEE=settings.payee,
        DINGTALK=settings.dingtalk,
        WECOM=settings.wecom,
        SMTP_URL=settings.smtp_url,
        MAIL_FROM=settings.mail_from,
        ADDRESS=settings.address,
        HOOKS_INSIDE=not settings.is_production,
        PHOTO_MINUTES=settings.photo_minutes,
        COMMUNITY_LINK_HOURS=settings.community_link_hours,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 2**20,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        url_with=paging.url_with,
        page_path=paging.page_path,
        kept_days=_periods().__getitem__,
    )
    templates.init_app(app)
    db.init_app(app)
    data_keys.init_app(app, data_keys.from_environment(settings.data_dir))
    data_keys.also_reseals(app, sender.reseal)
    data_keys.also_reseals(app, joining_keys.reseal)
    data_keys.also_reseals(app, linking.reseal)
    data_keys.also_reseals(app, matter_keys.reseal)
    data_keys.also_reseals(app, disputes.reseal)
    data_keys.also_reseals(app, referral_seals.reseal)
    data_keys.also_reseals(app, packet_seals.reseal)
    data_keys.also_reseals(app, robot_seals.reseal)
    data_keys.also_reseals(app, hook_seals.reseal)
    data_keys.also_reseals(app, leaving_seals.reseal)
    htmx.init_app(app)
    assets.init_app(app)
    front.init_app(app, settings)
    i18n.init_app(app)
    fragments.init_app(app)
    errors.init_app(app)
    refusals.init_app(app)
    app.register_error_handler(CSRFError, errors.on_csrf)
    app.register_error_handler(DBAPIError, _on_database_error)
    if settings.has_limits:
        limits.init_app(app)
    programs.init_app(app, bearing.member_of_request)
    session.init_app(app, settings)
    visits.init_app(app)
    factor_guard.init_app(app)  # between them: who must set up a factor does nothing else
    holds = timedelta(minutes=settings.confirm_minutes)
    freshness.init_app(app, holds, confirm_routes.ask)
    access.init_app(app, POLICY)
    newcomers.init_app(app, honey.plant_in)
    queueing.init_app(app, tasks.TASKS)
    long_works.init_app(app, tasks.LONG_WORKS)
    giving.init_app(app, matter_sight.walled_persons)
    notice_channels.init_app(app, (Mail(), Links(), Robots()), holiday_queries.is_worked)
    sender.also_posts(app, link_mail.wait)
    outages.init_app(app)
    first_path.init_app(app)
    settling.init_app(app, correction_actions.settle)
    guard = CSRFProtect(app)  # after access: a lost session has lost its token and is to sign in
    guard.exempt(create_event)  # proved by its signature
    guard.exempt(api)  # no cookie counts there, so nobody can ride on one
    app.before_request(front.refuse_unstorable)
    app.context_processor(navigation.context)
    app.add_url_rule("/", "home", navigation.home)
    for feature in FEATURES:
        app.register_blueprint(feature)
    net.init_app(app)  # last: it sees every answer first
    return app


def _periods() -> dict[str, int]:
    """Return for how many days each class of data is kept: pages say so. Raises SettingsError."""
    try:
        periods = retention.periods(os.environ.get(SETTING, ""))
    except retention.SettingError as problem:
        raise config.SettingsError(str(problem)) from problem
    return {kept.value: days for kept, days in periods.items() if days is not None}


def _on_database_error(error: DBAPIError) -> ResponseReturnValue:
    """What the database refused to change is a refusal with its sentence, all else a fault."""
    if frozen := closing.refusal(error):
        return errors.on_domain_error(frozen)
    return errors.on_fault(error)
