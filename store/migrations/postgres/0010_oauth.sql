-- The same as ../sqlite, in PostgreSQL's types.

-- Backends of tenants, and apps of others that act for a tenant's users. A public app
-- runs where no secret can be kept.
ALTER TABLE clients ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'backend'
    CHECK (kind IN ('backend', 'confidential_app', 'public_app'));

-- A client has two live secrets at most, so that one can be rotated without an outage.
CREATE TABLE client_secrets (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    client_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    -- Argon2id, as a PHC string; never the secret.
    hash       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    -- From when on it is refused; NULL while it is live.
    retired_at BIGINT,
    PRIMARY KEY (tenant_id, client_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);

-- The one secret that each client had. The random part of the client's id makes its id.
INSERT INTO client_secrets (tenant_id, client_id, id, hash, created_at, retired_at)
SELECT tenant_id, id, 'sec_' || substr(id, 5), secret_hash, created_at, NULL FROM clients;

ALTER TABLE clients DROP COLUMN secret_hash;

-- Public keys that clients authenticate with (`private_key_jwt`).
CREATE TABLE client_keys (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    client_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    alg        TEXT COLLATE "C" NOT NULL CHECK (alg IN ('EdDSA', 'ES256')),
    -- JSON: the members that the key's thumbprint is made of, and no other.
    public_jwk TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (tenant_id, client_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);

-- Assertions that were taken, until they would be refused anyway.
CREATE TABLE used_assertions (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    client_id  TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of `jti`, hexadecimal.
    hash       TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, client_id, hash),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);

CREATE INDEX used_assertions_by_expiry ON used_assertions (tenant_id, client_id, expires_at);

-- Where an app's users may be sent back to, exactly.
CREATE TABLE client_redirect_uris (
    tenant_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    uri       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, client_id, seq),
    UNIQUE (tenant_id, client_id, uri),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);

-- Where the tenant authenticates its own users; NULL for a tenant that takes no apps.
ALTER TABLE tenants ADD COLUMN login_url TEXT COLLATE "C";

-- What a user has let an app do. The user may be erased, and then nothing is issued for
-- it any longer; so nothing here refers to `users`.
CREATE TABLE grants (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    client_id  TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,
    scope      TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);

CREATE INDEX grants_by_creation ON grants (tenant_id, created_at);

-- What apps ask for, from the asking until its code is of no use to anybody.
CREATE TABLE authorizations (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL UNIQUE,
    client_id       TEXT COLLATE "C" NOT NULL,
    redirect_uri    TEXT COLLATE "C" NOT NULL,
    scope           TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C",
    -- RFC 7636, by S256.
    code_challenge  TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    -- When it was approved or denied; it is denied where there is no grant then.
    decided_at      BIGINT,
    grant_id        TEXT COLLATE "C",
    -- SHA-256, hexadecimal.
    code_hash       TEXT COLLATE "C" UNIQUE,
    code_expires_at BIGINT,
    code_used_at    BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id)
);

CREATE INDEX authorizations_by_expiry ON authorizations (tenant_id, expires_at);
CREATE INDEX authorizations_by_client ON authorizations (tenant_id, client_id, expires_at);
CREATE INDEX authorizations_by_grant ON authorizations (tenant_id, grant_id);

-- Each is good once. Those that were used stay until they expire, so that one that comes
-- again is known.
CREATE TABLE refresh_tokens (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    -- SHA-256, hexadecimal.
    hash       TEXT COLLATE "C" NOT NULL UNIQUE,
    grant_id   TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (tenant_id, hash),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id)
);

CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (tenant_id, grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (tenant_id, expires_at);

-- Access tokens and grants can be revoked too.
ALTER TABLE revocations DROP CONSTRAINT revocations_kind_check;

ALTER TABLE revocations ADD CONSTRAINT revocations_kind_check
    CHECK (kind IN ('session', 'viewer', 'embed', 'key', 'tenant', 'token', 'grant'));
