"""Wires core, policy and features together, nothing else."""

import os
from datetime import timedelta

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError

from counselhub import navigation, tasks
from counselhub.admins.routes import bp as admins
from counselhub.advisers.routes import bp as advisers
from counselhub.agreements.routes import bp as agreements
from counselhub.alarms.routes import bp as alarms
from counselhub.api.blueprint import bp as api
from counselhub.api.pages import bp as api_pages
from counselhub.appeals.routes import bp as appeals
from counselhub.archives.routes import bp as archives
from counselhub.assessments.routes import bp as assessments
from counselhub.assignments.routes import bp as assignments
from counselhub.attendance import linking
from counselhub.attendance.routes import bp as attendance
from counselhub.audit.routes import bp as audit
from counselhub.balances.routes import bp as balances
from counselhub.billing.console_routes import bp as billing_console
from counselhub.billing.routes import bp as billing
from counselhub.billing.routes import create_event
from counselhub.books.routes import bp as books
from counselhub.cards.routes import bp as cards
from counselhub.choosing.routes import bp as choosing
from counselhub.claims import disputes
from counselhub.claims.desk_routes import bp as claims
from counselhub.clawbacks.routes import bp as clawbacks
from counselhub.clients.routes import bp as clients
from counselhub.closing import actions as closing
from counselhub.comparison.routes import bp as comparison
from counselhub.conferences.routes import bp as conferences
from counselhub.confirmations.public_routes import bp as community
from counselhub.confirmations.routes import bp as confirmations
from counselhub.console.firm_routes import bp as console_firms
from counselhub.console.invitation_routes import bp as console_invitations
from counselhub.console.outage_routes import bp as console_outages
from counselhub.console.routes import bp as console
from counselhub.contracts.move_routes import bp as contract_moves
from counselhub.contracts.renewal_routes import bp as contract_renewals
from counselhub.contracts.routes import bp as contracts
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
from counselhub.corrections.routes import bp as corrections
from counselhub.cover.routes import bp as cover
from counselhub.cutoffs.routes import bp as cutoffs
from counselhub.duty.routes import bp as duty
from counselhub.earlier import correction_actions
from counselhub.earlier.adjustment_routes import bp as adjustments
from counselhub.earlier.routes import bp as earlier
from counselhub.factors import guard as factor_guard
from counselhub.factors.colleague_routes import bp as factor_care
from counselhub.factors.routes import bp as factors
from counselhub.factors.sign_in_routes import bp as second_step
from counselhub.handovers.routes import bp as handovers
from counselhub.honey import actions as honey
from counselhub.honey import net
from counselhub.hooks import seals as hook_seals
from counselhub.hooks.log_routes import bp as hook_log
from counselhub.hooks.routes import bp as hooks
from counselhub.instalments.routes import bp as instalments
from counselhub.interviews.routes import bp as interviews
from counselhub.invitations.routes import bp as invitations
from counselhub.joining import resealing as joining_keys
from counselhub.joining.routes import bp as joining
from counselhub.leave.routes import bp as leave
from counselhub.leaving import seals as leaving_seals
from counselhub.leaving.certificate_routes import bp as certificates
from counselhub.leaving.console_routes import bp as leaving_console
from counselhub.leaving.routes import bp as leaving
from counselhub.ledgers.routes import bp as ledgers
from counselhub.liaisons.routes import bp as liaisons
from counselhub.matters import rotation as matter_keys
from counselhub.matters.routes import bp as matters
from counselhub.notices import channels as notice_channels
from counselhub.notices import links as link_mail
from counselhub.notices.console_routes import bp as notices_console
from counselhub.notices.links import Links
from counselhub.notices.mail import Mail
from counselhub.notices.routes import bp as notices
from counselhub.officeday.routes import bp as officeday
from counselhub.overdue.routes import bp as overdue
from counselhub.packets import seals as packet_seals
from counselhub.packets.routes import bp as packets
from counselhub.packs.routes import bp as packs
from counselhub.pairings.routes import bp as pairings
from counselhub.papers.routes import bp as papers
from counselhub.payments.routes import bp as payments
from counselhub.people import confirm_routes, session
from counselhub.people.account_routes import bp as account
from counselhub.people.routes import bp as people
from counselhub.photos.routes import bp as photos
from counselhub.places.routes import bp as places
from counselhub.points.routes import bp as points
from counselhub.policy import POLICY
from counselhub.premises.routes import bp as premises
from counselhub.products.routes import bp as products
from counselhub.programme.routes import bp as programme
from counselhub.receipts.routes import bp as receipts
from counselhub.referrals import seals as referral_seals
from counselhub.referrals.routes import bp as referrals
from counselhub.referrals.routes.public import bp as feedback
from counselhub.reports.routes import bp as reports
from counselhub.retention import rules as retention
from counselhub.retention.commands import SETTING
from counselhub.retention.kinds import Kept
from counselhub.review.reading_routes import bp as readings
from counselhub.review.routes import bp as review
from counselhub.robots import seals as robot_seals
from counselhub.robots.channel import Robots
from counselhub.robots.routes import bp as robots
from counselhub.roster import holiday_queries
from counselhub.roster.routes import bp as roster
from counselhub.rota.routes import bp as rota
from counselhub.schemes.routes import bp as schemes
from counselhub.services.routes import bp as services
from counselhub.spotchecks.routes import bp as spotchecks
from counselhub.starting import routes as first_path
from counselhub.starting.routes import bp as starting
from counselhub.statements.documents.routes import bp as documents
from counselhub.statements.routes import bp as statements
from counselhub.statements.shares.routes import bp as shares
from counselhub.support import entering as visits
from counselhub.support.console_routes import bp as console_support
from counselhub.support.routes import bp as support
from counselhub.tokens import bearing
from counselhub.tokens.routes import bp as tokens
from counselhub.upkeep.routes import bp as upkeep
from counselhub.work import running as long_works
from counselhub.work.routes import bp as work
from counselhub.workbook.routes import bp as workbook
from counselhub.yearfiles.routes import bp as yearfiles

FEATURES = (
    people,
    admins,
    second_step,
    factors,
    factor_care,
    account,
    notices,
    confirm_routes.bp,
    places,
    advisers,
    schemes,
    packs,
    contracts,
    contract_moves,
    contract_renewals,
    assignments,
    leave,
    roster,
    points,
    duty,
    corrections,
    rota,
    attendance,
    cover,
    photos,
    confirmations,
    community,
    services,
    products,
    programme,
    clients,
    matters,
    referrals,
    feedback,
    conferences,
    packets,
    claims,
    pairings,
    cards,
    statements,
    instalments,
    agreements,
    review,
    readings,
    ledgers,
    payments,
    receipts,
    books,
    billing,
    billing_console,
    balances,
    appeals,
    reports,
    spotchecks,
    interviews,
    premises,
    handovers,
    liaisons,
    choosing,
    earlier,
    assessments,
    clawbacks,
    adjustments,
    cutoffs,
    overdue,
    documents,
    shares,
    papers,
    yearfiles,
    officeday,
    comparison,
    archives,
    workbook,
    work,
    upkeep,
    audit,
    alarms,
    console,
    console_firms,
    console_invitations,
    console_outages,
    console_support,
    support,
    notices_console,
    joining,
    invitations,
    starting,
    tokens,
    robots,
    hooks,
    hook_log,
    api,
    api_pages,
    leaving,
    leaving_console,
    certificates,
)


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
        POSITION_DAYS=_position_days(),
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
    app.jinja_env.globals.update(url_with=paging.url_with, page_path=paging.page_path)
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


def _position_days() -> int:
    """Return how long coordinates are kept: the page that asks for them says so."""
    try:
        days = retention.periods(os.environ.get(SETTING, ""))[Kept.POSITION]
    except retention.SettingError as problem:
        raise config.SettingsError(str(problem)) from problem
    return days or 0


def _on_database_error(error: DBAPIError) -> ResponseReturnValue:
    """What the database refused to change is a refusal with its sentence, all else a fault."""
    if frozen := closing.refusal(error):
        return errors.on_domain_error(frozen)
    return errors.on_fault(error)
