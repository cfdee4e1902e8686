"""Run by Alembic with a connection that eslbot/store/migrate.py has opened. Knows no URL: there is no other way in."""

from alembic import context

from eslbot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,   # SQLite cannot alter a column in place
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
