-- The same as ../sqlite, in PostgreSQL's types.

-- Keys that tenants hold themselves and sign embed tokens with: public halves only.
CREATE TABLE tenant_keys (
    tenant_id  TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    name       TEXT COLLATE "C" NOT NULL,
    alg        TEXT COLLATE "C" NOT NULL CHECK (alg IN ('EdDSA', 'ES256')),
    -- JSON: the members that the key's thumbprint is made of, and no other.
    public_jwk TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    -- From when on nothing that it signed holds; NULL for as long as it is in use.
    retires_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);

-- Whether every token of the embed has to be bound to a key of its frame.
ALTER TABLE embeds ADD COLUMN require_dpop BIGINT NOT NULL DEFAULT 0
    CHECK (require_dpop IN (0, 1));

-- From when on no token of the tenant is taken; NULL for a tenant in good standing.
ALTER TABLE tenants ADD COLUMN suspended_at BIGINT;
