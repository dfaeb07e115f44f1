/* board_test.c: the scoreboard, its permits and its inheritance. */
#include "board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct misp_module dns = {.name = "dns"};
static const struct misp_module whois = {.name = "whois"};
static struct module both[] = {{.descriptor = &dns}, {.descriptor = &whois}};
static struct module one[] = {{.descriptor = &whois}};
static const struct registry registry_both = {.modules = both, .count = 2};
static const struct registry registry_one = {.modules = one, .count = 1};

static bool take(struct board *board, size_t index, int64_t milliseconds)
{
	return board_permit_take(board, board_slot(board, index),
				 misp_now() + milliseconds);
}

static void permits_bound_what_runs(void **state)
{
	int fd;
	struct board *board = board_create(2, &registry_both, &fd);

	(void)state;
	for (int i = 0; i < 3; i++)
		board_slot(board, (size_t)i)->pid = 10 + i;
	assert_true(take(board, 0, 1000));
	assert_true(take(board, 1, 1000));
	assert_int_equal(board_load(board, NULL).busy, 2);
	assert_false(take(board, 2, 20));
	board_permit_return(board, 10);
	/* Whoever returns it again changes nothing. */
	board_permit_return(board, 10);
	assert_true(take(board, 2, 1000));
	assert_false(take(board, 0, 20));
	board_release(board, fd);
}

static void who_waits_longest_is_first(void **state)
{
	int fd;
	struct board *board = board_create(2, &registry_both, &fd);

	(void)state;
	for (int i = 0; i < 3; i++)
		board_slot(board, (size_t)i)->pid = 10 + i;
	/* One has waited for longer, and has not yet seen that it may run. */
	board_slot(board, 0)->ticket = 1;
	board->tickets = 1;
	board->waiting = 1;
	assert_false(take(board, 1, 20));
	assert_int_equal(board->waiting, 1);
	/* It has died: its place is given up. */
	board_ticket_return(board, board_slot(board, 0));
	board_ticket_return(board, board_slot(board, 0));
	assert_int_equal(board->waiting, 0);
	assert_true(take(board, 1, 20));
	board_release(board, fd);
}

static void load_is_what_workers_do(void **state)
{
	int fd;
	struct board *board = board_create(3, &registry_both, &fd);

	(void)state;
	assert_int_equal(board_load(board, NULL).idle, 0);
	assert_int_equal(board_load(board, NULL).busy, 3);
	for (int i = 0; i < 4; i++)
		board_slot(board, (size_t)i)->pid = 10 + i;
	board_slot(board, 3)->role = ROLE_PORTER;
	assert_int_equal(board_load(board, NULL).idle, 3);
	/* Whoever reads or writes is busy, but for the one who asks. */
	board_slot(board, 0)->state = SLOT_READING;
	board_slot(board, 1)->state = SLOT_REPLYING;
	assert_int_equal(board_load(board, NULL).idle, 1);
	assert_int_equal(board_load(board, board_slot(board, 1)).idle, 2);
	/* What an extra runs counts as well. */
	board_slot(board, 4)->pid = 99;
	assert_true(take(board, 4, 0));
	board_slot(board, 4)->pid = 0;
	assert_int_equal(board_load(board, NULL).idle, 1);
	board_slot(board, 0)->state = SLOT_IDLE;
	board_slot(board, 1)->state = SLOT_IDLE;
	assert_int_equal(board_load(board, NULL).idle, 2);
	assert_ptr_equal(board_slot_of(board, 11), board_slot(board, 1));
	assert_ptr_equal(board_free_slot(board), board_slot(board, 4));
	board_release(board, fd);
}

static void counters_pass_to_the_next_board(void **state)
{
	int fd, next_fd;
	struct board *board = board_create(1, &registry_both, &fd);
	struct board *before = board_adopt(fd);
	struct board *next = board_create(4, &registry_one, &next_fd);

	(void)state;
	row_count(board_row(board, 1), COUNT_TIMEOUTS);
	row_observe(board_row(board, 1), 7000);
	assert_non_null(before);
	board_inherit(next, before);
	assert_string_equal(board_row(next, 0)->name, "whois");
	assert_int_equal(board_row(next, 0)->counts[COUNT_TIMEOUTS], 1);
	assert_int_equal(board_row(next, 0)->buckets[1], 1);
	/* What is counted on the old one afterwards follows. */
	row_count(board_row(board, 1), COUNT_TIMEOUTS);
	board_inherit(next, before);
	assert_int_equal(board_row(next, 0)->counts[COUNT_TIMEOUTS], 2);
	board_release(before, -1);
	board_release(board, fd);
	board_release(next, next_fd);
}

static void other_layouts_are_not_adopted(void **state)
{
	int fd;
	struct board *board = board_create(1, &registry_both, &fd);

	(void)state;
	board->layout++;
	assert_null(board_adopt(fd));
	board->layout--;
	board->slot_count++;
	assert_null(board_adopt(fd));
	assert_null(board_adopt(-1));
	board->slot_count--;
	board_release(board, fd);
}

static void latencies_fall_into_their_buckets(void **state)
{
	int fd;
	struct board *board = board_create(1, &registry_one, &fd);
	struct row *row = board_row(board, 0);

	(void)state;
	row_observe(row, 5000);
	row_observe(row, 5001);
	row_observe(row, 3600 * UINT64_C(1000000));
	assert_int_equal(row->buckets[0], 1);
	assert_int_equal(row->buckets[1], 1);
	assert_int_equal(row->buckets[BOARD_BUCKETS], 1);
	assert_null(board_row(board, SLOT_NO_MODULE));
	board_release(board, fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(permits_bound_what_runs),
	    cmocka_unit_test(who_waits_longest_is_first),
	    cmocka_unit_test(load_is_what_workers_do),
	    cmocka_unit_test(counters_pass_to_the_next_board),
	    cmocka_unit_test(other_layouts_are_not_adopted),
	    cmocka_unit_test(latencies_fall_into_their_buckets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
