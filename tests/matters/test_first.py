import pytest
from tests.matters.conftest import *
from tests.factories import signed_in
from counselhub.core.access import Role

def test_pages(as_manager, as_adviser, make_matter, tenant):
    one = make_matter()
    for a in ("/matters","/matters?q=漏水","/matters/check","/matters/new",f"/matters/{one}",f"/matters/{one}/edit",f"/matters/{one}/declining",f"/matters/{one}/walls"):
        r=as_manager.get(a); assert r.status_code==200,(a,r.status_code)
        if "?q" in a: assert "楼上漏水" in r.text
    two = make_matter(party(R.CLIENT, OPPONENT), party(R.OPPONENT, CLIENT), adviser_id=tenant.backup_id, title="反过来")
    page=as_manager.get(f"/matters/{two}").text
    assert "同一纠纷的双方" in page
    import re
    href=re.search(r'/matters/[^"]+/conflicts/[^"]+',page)[0]
    r=as_manager.get(href); assert r.status_code==200
    r=as_adviser.get("/matters"); assert "反过来" not in r.text and "楼上漏水" in r.text
