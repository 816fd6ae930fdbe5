of_seminar := CASE WHEN TG_OP = 'DELETE' THEN OLD.:seminar ELSE NEW.:seminar END;
SELECT capacity INTO hall FROM seminars_seminar WHERE id = of_seminar FOR NO KEY UPDATE;
SELECT choice_group.id, coalesce(sum(session.capacity), 0) AS room INTO crowded
  FROM seminars_choicegroup AS choice_group
  LEFT JOIN seminars_session AS session ON session.choice_group_id = choice_group.id
 WHERE choice_group.seminar_id = of_seminar
 GROUP BY choice_group.id HAVING coalesce(sum(session.capacity), 0) < hall LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'choice % has % seats, fewer than the hall''s %',
        crowded.id, crowded.room, hall
        USING ERRCODE = 'check_violation', CONSTRAINT = 'choice_has_room_for_the_hall';
END IF;
RETURN NULL;
