"""Who may what."""

import pytest

from app.domain.role import Permission, Role, has_permission


@pytest.mark.parametrize("permission", Permission)
def test_a_supervisor_may_all_that_an_agent_may(permission):
    assert has_permission(Role.SUPERVISOR, permission) >= has_permission(Role.AGENT, permission)


def test_an_agent_works_and_listens_but_sees_no_call_log():
    assert [each for each in Permission if has_permission(Role.AGENT, each)] == [Permission.WORK, Permission.LISTEN]


def test_who_has_no_role_of_ours_may_nothing():
    assert not any(has_permission("stranger", permission) for permission in Permission)
