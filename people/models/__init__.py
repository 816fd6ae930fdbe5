"""Who works where, who leads what, and who did what: everything else hangs on these rows."""

from people.models.audit_record import AuditRecord
from people.models.former_agency import AGENCY_DAYS_SQL, FormerAgency
from people.models.former_name import FORMER_NAME_KEPT, FormerName, person_is_named
from people.models.leadership import Leadership
from people.models.position import Position
from people.models.role_grant import RoleGrant
from people.models.staff_import_change import StaffImportChange
from people.models.staff_import_run import (
    IMPORT_IS_LATE,
    IMPORT_RUNS_KEPT,
    IMPORT_UNDO_WINDOW,
    StaffImportConsent,
    StaffImportOutcome,
    StaffImportRun,
)
from people.models.substitution import Substitution
from people.models.unit import Level, Unit
from people.models.user import MISSING_FOR, User, Viewer
from people.roles import Role

__all__ = [
    "AGENCY_DAYS_SQL",
    "FORMER_NAME_KEPT",
    "IMPORT_IS_LATE",
    "IMPORT_RUNS_KEPT",
    "IMPORT_UNDO_WINDOW",
    "MISSING_FOR",
    "AuditRecord",
    "FormerAgency",
    "FormerName",
    "Leadership",
    "Level",
    "Position",
    "Role",
    "RoleGrant",
    "StaffImportChange",
    "StaffImportConsent",
    "StaffImportOutcome",
    "StaffImportRun",
    "Substitution",
    "Unit",
    "User",
    "Viewer",
    "person_is_named",
]
