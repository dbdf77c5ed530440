"""The throwaway PostgreSQL of the tests."""

import sqlalchemy as sa

from app.cli.throwaway_postgres import PostgresServer


def test_a_database_copied_from_a_template_has_its_tables(postgres_server: PostgresServer) -> None:
    engine = sa.create_engine(postgres_server.create("the_template"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE word (name text)")

    copy = sa.create_engine(postgres_server.create("the_copy", template="the_template"), poolclass=sa.NullPool)

    assert sa.inspect(copy).get_table_names() == ["word"]
    postgres_server.drop("the_copy")
    postgres_server.drop("the_template")
