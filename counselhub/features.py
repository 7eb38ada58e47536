"""The pages of every feature: their blueprints, in the order in which they are registered."""

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
from counselhub.attendance.routes import bp as attendance
from counselhub.audit.routes import bp as audit
from counselhub.balances.routes import bp as balances
from counselhub.billing.console_routes import bp as billing_console
from counselhub.billing.routes import bp as billing
from counselhub.books.routes import bp as books
from counselhub.cards.routes import bp as cards
from counselhub.choosing.routes import bp as choosing
from counselhub.claims.desk_routes import bp as claims
from counselhub.clawbacks.routes import bp as clawbacks
from counselhub.clients.routes import bp as clients
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
from counselhub.corrections.routes import bp as corrections
from counselhub.cover.routes import bp as cover
from counselhub.cutoffs.routes import bp as cutoffs
from counselhub.duty.routes import bp as duty
from counselhub.earlier.adjustment_routes import bp as adjustments
from counselhub.earlier.routes import bp as earlier
from counselhub.factors.colleague_routes import bp as factor_care
from counselhub.factors.routes import bp as factors
from counselhub.factors.sign_in_routes import bp as second_step
from counselhub.handovers.routes import bp as handovers
from counselhub.hooks.log_routes import bp as hook_log
from counselhub.hooks.routes import bp as hooks
from counselhub.instalments.routes import bp as instalments
from counselhub.interviews.routes import bp as interviews
from counselhub.invitations.routes import bp as invitations
from counselhub.joining.routes import bp as joining
from counselhub.leave.routes import bp as leave
from counselhub.leaving.certificate_routes import bp as certificates
from counselhub.leaving.console_routes import bp as leaving_console
from counselhub.leaving.routes import bp as leaving
from counselhub.ledgers.routes import bp as ledgers
from counselhub.liaisons.routes import bp as liaisons
from counselhub.matters.routes import bp as matters
from counselhub.notices.console_routes import bp as notices_console
from counselhub.notices.routes import bp as notices
from counselhub.officeday.routes import bp as officeday
from counselhub.overdue.routes import bp as overdue
from counselhub.packets.routes import bp as packets
from counselhub.packs.routes import bp as packs
from counselhub.pairings.routes import bp as pairings
from counselhub.papers.routes import bp as papers
from counselhub.payments.routes import bp as payments
from counselhub.people.account_routes import bp as account
from counselhub.people.confirm_routes import bp as confirm
from counselhub.people.routes import bp as people
from counselhub.photos.routes import bp as photos
from counselhub.places.routes import bp as places
from counselhub.points.routes import bp as points
from counselhub.premises.routes import bp as premises
from counselhub.products.routes import bp as products
from counselhub.programme.routes import bp as programme
from counselhub.receipts.routes import bp as receipts
from counselhub.referrals.routes import bp as referrals
from counselhub.referrals.routes.public import bp as feedback
from counselhub.reports.routes import bp as reports
from counselhub.review.reading_routes import bp as readings
from counselhub.review.routes import bp as review
from counselhub.robots.routes import bp as robots
from counselhub.roster.routes import bp as roster
from counselhub.rota.routes import bp as rota
from counselhub.schemes.routes import bp as schemes
from counselhub.services.routes import bp as services
from counselhub.spotchecks.routes import bp as spotchecks
from counselhub.starting.routes import bp as starting
from counselhub.statements.documents.routes import bp as documents
from counselhub.statements.routes import bp as statements
from counselhub.statements.shares.routes import bp as shares
from counselhub.support.console_routes import bp as console_support
from counselhub.support.routes import bp as support
from counselhub.tokens.routes import bp as tokens
from counselhub.upkeep.routes import bp as upkeep
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
    confirm,
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
