SELECT registration.id AS registration_id,
       counted.minutes,
       encode(sha256(convert_to(
           concat_ws(';', registration.outcome = 'attended', counted.minutes, came.sessions), 'UTF8'
       )), 'hex') AS basis
  FROM seminars_registration AS registration
  LEFT JOIN certificates_certificateterms AS stated ON stated.seminar_id = registration.seminar_id
 CROSS JOIN LATERAL (
    SELECT coalesce(sum(floor(extract(epoch FROM session.ends_at - session.starts_at) / 60)), 0)::int
               AS minutes,
           string_agg(
               concat_ws('/', session.id, extract(epoch FROM session.starts_at)::bigint,
                         extract(epoch FROM session.ends_at)::bigint),
               ',' ORDER BY session.starts_at, session.id
           ) AS sessions
      FROM attendance_sessionattendance AS told
      JOIN seminars_session AS session ON session.id = told.session_id
     WHERE told.registration_id = registration.id AND told.outcome IN :came
 ) AS came
 CROSS JOIN LATERAL (
    SELECT CASE WHEN stated.minutes IS NULL THEN came.minutes
                WHEN registration.outcome = 'attended' THEN stated.minutes
                ELSE least(came.minutes, stated.minutes) END AS minutes
 ) AS counted
