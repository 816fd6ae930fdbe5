IF EXISTS (
    SELECT FROM seminars_seminar AS seminar
     WHERE seminar.id = :seminar
       AND seminar.ends_at > now() - make_interval(days => :days)
) THEN
    RAISE EXCEPTION 'Cannot delete rows from % table', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END IF;
RETURN OLD;
