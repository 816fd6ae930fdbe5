CREATE FUNCTION people_leaders(on_day date)
RETURNS TABLE (unit_id bigint, user_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $function$
    SELECT leadership.unit_id, leadership.user_id
    FROM people_leadership leadership JOIN people_user leader ON leader.id = leadership.user_id
    WHERE leader.is_active
      AND leadership.valid_from <= $1
      AND (leadership.valid_to IS NULL OR leadership.valid_to >= $1)
$function$;
COMMENT ON FUNCTION people_leaders IS 'Who leads which unit on the day and may sign in';

CREATE FUNCTION people_line_manager(of_person bigint, in_unit bigint, on_day date)
RETURNS TABLE (manager_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $function$
    WITH RECURSIVE start(place, person_id, unit_id) AS (SELECT 1, $1, $2),
:nearest_leader
    SELECT manager_id FROM nearest
$function$;
COMMENT ON FUNCTION people_line_manager IS 'The nearest leader upwards who is not the person';

CREATE FUNCTION people_positions_led(by_person bigint, on_day date)
RETURNS TABLE (position_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $function$
    WITH RECURSIVE reached(unit_id, only_id) AS (
        SELECT leads.unit_id, NULL::bigint FROM people_leaders($2) leads WHERE leads.user_id = $1
      UNION
        SELECT child.id, coalesce(leads.user_id, reached.only_id)
        FROM reached JOIN people_unit child ON child.parent_id = reached.unit_id
        LEFT JOIN LATERAL (
            SELECT user_id FROM people_leaders($2) found
            WHERE found.unit_id = child.id OFFSET 0
        ) leads ON TRUE
        WHERE leads.user_id IS NULL
           OR (leads.user_id <> $1
               AND (reached.only_id IS NULL OR leads.user_id = reached.only_id))
    )
    SELECT position.id
    FROM reached JOIN people_position position ON position.unit_id = reached.unit_id
    WHERE (reached.only_id IS NULL OR position.user_id = reached.only_id)
      AND position.user_id <> $1
      AND position.valid_from <= $2
      AND (position.valid_to IS NULL OR position.valid_to >= $2)
$function$;
COMMENT ON FUNCTION people_positions_led IS 'Positions whose line manager the person is';
