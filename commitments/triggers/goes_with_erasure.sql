IF :only_when NOT :erased THEN
    RAISE EXCEPTION 'Cannot delete rows from % table', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END IF;
RETURN OLD;
