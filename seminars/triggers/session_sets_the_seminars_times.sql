of_seminar := CASE WHEN TG_OP = 'DELETE' THEN OLD.seminar_id ELSE NEW.seminar_id END;
UPDATE seminars_seminar AS seminar
   SET starts_at = coalesce(times.first, seminar.starts_at),
       ends_at = coalesce(times.last, seminar.ends_at),
       last_gathering_at = coalesce(times.last_gathering, seminar.last_gathering_at),
       has_choices = times.has_choices
  FROM (SELECT min(starts_at) AS first, max(ends_at) AS last,
               min(starts_at) FILTER (WHERE held_on = last_day) AS last_gathering,
               coalesce(bool_or(choice_group_id IS NOT NULL), false) AS has_choices
          FROM (SELECT starts_at, ends_at, choice_group_id,
                       (starts_at AT TIME ZONE 'Europe/Oslo')::date AS held_on,
                       max((starts_at AT TIME ZONE 'Europe/Oslo')::date) OVER () AS last_day
                  FROM seminars_session WHERE seminar_id = of_seminar) AS session) AS times
 WHERE seminar.id = of_seminar
   AND (seminar.starts_at, seminar.ends_at, seminar.last_gathering_at, seminar.has_choices)
       IS DISTINCT FROM
       (coalesce(times.first, seminar.starts_at), coalesce(times.last, seminar.ends_at),
        coalesce(times.last_gathering, seminar.last_gathering_at), times.has_choices);
RETURN NULL;
