of_seminar := CASE WHEN TG_OP = 'DELETE' THEN OLD.seminar_id ELSE NEW.seminar_id END;
UPDATE seminars_seminar AS seminar
   SET starts_at = coalesce(times.first, seminar.starts_at),
       ends_at = coalesce(times.last, seminar.ends_at),
       has_choices = times.has_choices
  FROM (SELECT min(starts_at) AS first, max(ends_at) AS last,
               coalesce(bool_or(choice_group_id IS NOT NULL), false) AS has_choices
          FROM seminars_session WHERE seminar_id = of_seminar) AS times
 WHERE seminar.id = of_seminar
   AND (seminar.starts_at, seminar.ends_at, seminar.has_choices) IS DISTINCT FROM
       (coalesce(times.first, seminar.starts_at), coalesce(times.last, seminar.ends_at),
        times.has_choices);
RETURN NULL;
