RAISE EXCEPTION 'Cannot update rows from % table', TG_TABLE_NAME;
