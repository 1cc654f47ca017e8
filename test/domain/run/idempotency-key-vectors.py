# Writes idempotency-key-vectors.json: keys computed by a program that shares no line with Tenantry.
# Run with Python 3.11 and rfc8785 0.1.4 from PyPI: python idempotency-key-vectors.py > idempotency-key-vectors.json
import hashlib
import json

import rfc8785

TENANT = "6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02"

CASES = [
    ("a tenant's sync, all types", TENANT, "inventory.sync", None, {"types": None}),
    ("a sync of types", TENANT, "inventory.sync", None, {"types": ["compliancePolicy", "settingsCatalogPolicy"]}),
    ("an empty list of types", TENANT, "inventory.sync", None, {"types": []}),
    ("an empty context", TENANT, "policy.capture_snapshot", "0199a3c0-5b1e-7d2a-8f00-000000000001", {}),
    ("blanks around the operation", TENANT, " \t\r\n policy.capture_snapshot \n", "0199a3c0-5b1e-7d2a-8f00-000000000001", {}),
    ("an empty target is not a missing one", TENANT, "policy.capture_snapshot", "", {}),
    ("names that are not ASCII", TENANT, "backup_set.create", None, {"name": "Sicherung f\u00fcr Z\u00fcrich \u2014 \u65e5\u672c\u8a9e \U0001f512", "all": True}),
    ("a composed and a decomposed letter differ", TENANT, "backup_set.create", None, {"name": "e\u0301", "all": True}),
    ("escapes", TENANT, "backup_set.create", None, {"name": "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028</script>"}),
    # By UTF-16 code units the emoji (D83D...) comes before U+FB33; by code points it would come after it.
    ("key order by UTF-16 code units", TENANT, "restore.execute", None, {"group_mapping": {"\ufb33": "1", "\U0001f600": "2", "\u20ac": "3", "\r": "4", "1": "5", "\u0080": "6", "\u00f6": "7"}}),
    ("numbers", TENANT, "x", None, {"n": [0, -0.0, 1.0, 1e21, 1e-7, 333333333.33333329, 4.5, 2e-3, 1e23, 9007199254740991]}),
    ("nested maps and lists", TENANT, "restore.preview", "0199a3c0-5b1e-7d2a-8f00-000000000002", {"scope": [["b", "a"], {"z": None, "a": False}], "group_mapping": {}, "source_tenant_id": None, "preview_run_id": None}),
    ("the key __proto__", TENANT, "restore.preview", None, {"group_mapping": {"__proto__": "a", "constructor": "b"}}),
    ("a backup of everything", TENANT, "backup_set.create", None, {"name": "Nightly", "policy_ids": None, "types": None, "all": True, "include_foundations": None, "include_assignments": None}),
    ("a backup of types without assignments", TENANT, "backup_set.create", None, {"name": "Nightly", "policy_ids": None, "types": ["compliancePolicy", "settingsCatalogPolicy"], "all": None, "include_foundations": None, "include_assignments": False}),
    ("a backup of policies with foundations", TENANT, "backup_set.create", None, {"name": "Nightly", "policy_ids": ["0199a3c0-5b1e-7d2a-8f00-000000000001", "0199a3c0-5b1e-7d2a-8f00-000000000002"], "types": None, "all": None, "include_foundations": True, "include_assignments": None}),
    ("a full backup", TENANT, "backup_set.create", None, {"name": "Nightly", "policy_ids": None, "types": None, "all": True, "include_foundations": None, "include_assignments": None, "full": True}),
    ("an addition to a backup set", TENANT, "backup_set.add_policies", "0199a3c0-5b1e-7d2a-8f00-000000000003", {"policy_ids": ["0199a3c0-5b1e-7d2a-8f00-000000000001"], "include_foundations": None}),
    ("the run of a schedule", TENANT, "backup_schedule.run", "0199a3c0-5b1e-7d2a-8f00-000000000004", {}),
    ("an export", TENANT, "policies.export", "0199a3c0-5b1e-7d2a-8f00-000000000003", {"format": "intunecd"}),
    ("an import", TENANT, "policies.import", None, {"sha256": "0" * 64}),
    ("a restore of a whole set", TENANT, "restore.execute", "0199a3c0-5b1e-7d2a-8f00-000000000003", {"scope": None, "group_mapping": {}, "source_tenant_id": None, "preview_run_id": None}),
    ("a restore with every option", TENANT, "restore.execute", "0199a3c0-5b1e-7d2a-8f00-000000000003", {"scope": ["item-1", "item-2"], "group_mapping": {"group-1": "group-2"}, "source_tenant_id": "tenant-2", "preview_run_id": "run-1", "allow_broad_assignments": True, "conditional_access_state": "asBackedUp"}),
    ("a preview of a whole set", TENANT, "restore.preview", "0199a3c0-5b1e-7d2a-8f00-000000000003", {"scope": None, "group_mapping": {}, "source_tenant_id": None, "preview_run_id": None}),
    ("an undo", TENANT, "restore.undo", "run-1", {}),
    ("a drift check", TENANT, "drift.check", "0199a3c0-5b1e-7d2a-8f00-000000000003", {}),
    ("a directory sync", TENANT, "directory.sync", None, {}),
]

vectors = []
for name, tenant, operation, target, context in CASES:
    identity = {"tenant_id": tenant, "operation_type": operation.strip(), "target_id": target, "context": context}
    key = hashlib.sha256(rfc8785.dumps(identity)).hexdigest()
    work = {"tenantId": tenant, "operationType": operation, "targetId": target, "context": context}
    vectors.append({"name": name, "work": work, "key": key})
print(json.dumps(vectors, indent=2))
