IF EXISTS (
    SELECT FROM seminars_registration AS registration
      JOIN seminars_seminar AS seminar ON seminar.id = registration.seminar_id
     WHERE registration.id = :registration
       AND seminar.ends_at > now() - make_interval(days => :days)
) THEN
    RAISE EXCEPTION 'Cannot delete rows from % table', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END IF;
RETURN OLD;
