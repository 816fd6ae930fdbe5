"""Who came: to what the portal has held, and to what was held before it."""

from attendance.models.attendance import Attendance, SessionAttendance
from attendance.models.door_key import DoorKey
from attendance.models.past import PastOutcome, PastParticipation, PastSeminar
from attendance.models.sources import BY_ONESELF, AttendanceMark, Scan, ScanWay, UndoneScan

__all__ = [
    "BY_ONESELF",
    "Attendance",
    "AttendanceMark",
    "DoorKey",
    "PastOutcome",
    "PastParticipation",
    "PastSeminar",
    "Scan",
    "ScanWay",
    "SessionAttendance",
    "UndoneScan",
]
