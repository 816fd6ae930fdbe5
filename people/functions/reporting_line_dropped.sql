DROP FUNCTION people_positions_led(bigint, date);
DROP FUNCTION people_line_manager(bigint, bigint, date);
DROP FUNCTION people_leaders(date);
