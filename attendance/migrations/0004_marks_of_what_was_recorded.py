"""What was recorded before becomes marks of its sessions, which attendance follows from."""

from django.db import migrations

OWN_SESSIONS = """
      FROM attendance_attendance AS attendance
      JOIN seminars_registration AS registration ON registration.id = attendance.registration_id
      JOIN seminars_session AS session ON session.seminar_id = registration.seminar_id
     WHERE session.choice_group_id IS NULL
        OR EXISTS (SELECT FROM seminars_sessionchoice AS choice
                    WHERE choice.registration_id = registration.id
                      AND choice.session_id = session.id)
     ORDER BY attendance.id, session.id
"""
MARKS = f"""
    INSERT INTO attendance_attendancemark (registration_id, session_id, outcome, reason, by_id, at)
    SELECT registration.id, session.id, attendance.outcome, '', marked_by_id, marked_at
    {OWN_SESSIONS}
"""
SESSIONS = f"""
    INSERT INTO attendance_sessionattendance (registration_id, session_id, outcome)
    SELECT registration.id, session.id, attendance.outcome {OWN_SESSIONS}
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0003_door")]

    operations = [
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
        migrations.RunSQL(SESSIONS, migrations.RunSQL.noop),
    ]
