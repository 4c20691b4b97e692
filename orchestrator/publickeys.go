package orchestrator

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"time"
)

// keyEnd is until when a key is good: two years (published API).
func keyEnd(at time.Time) time.Time { return at.AddDate(2, 0, 0) }

const maxPublicKey = 16 << 10 // bytes of PEM

// readPublicKey judges an RSA public key in PEM (PKIX, as openssl writes it) and
// gives its fingerprint: SHA-256 of the DER, hexadecimal.
func readPublicKey(field, text string, bits int) (fingerprint string, err error) {
	const example = "-----BEGIN PUBLIC KEY-----"
	if len(text) > maxPublicKey {
		return "", Invalidf("%s: %d bytes are too many for a public key", field, len(text))
	}
	block, rest := pem.Decode([]byte(text))
	switch {
	case block == nil:
		return "", Invalidf("%s: it is no public key in PEM, which begins with %s", field, example)
	case strings.Contains(block.Type, "PRIVATE"):
		return "", Invalidf("%s: this is a private key; never send it anywhere, make a new pair and send the public key", field)
	case block.Type != "PUBLIC KEY":
		return "", Invalidf("%s: it is a PEM block of the type %q; convert it to one that begins with %s (openssl rsa -pubin -RSAPublicKey_in -pubout)", field, shorten(block.Type), example)
	case strings.TrimSpace(string(rest)) != "":
		return "", Invalidf("%s: there is something behind the key; send one key", field)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return "", Invalidf("%s: the PEM block holds no public key", field)
	}
	key, isRSA := parsed.(*rsa.PublicKey)
	if !isRSA {
		return "", Invalidf("%s: it is no RSA key; only RSA keys can be used", field)
	}
	if key.N.BitLen() < bits {
		return "", Invalidf("%s: an RSA key of %d bits is too short; at least %d are needed", field, key.N.BitLen(), bits)
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:]), nil
}

const publicKeyBits = 2048 // of the keys of an organization

// ListPublicKeys lists the keys of an organization, newest first; fingerprint
// "" = all.
func (s *Service) ListPublicKeys(ctx context.Context, org, fingerprint string) ([]PublicKey, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	all, err := s.store.ListPublicKeys(ctx, org)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(k PublicKey) bool { return fingerprint != "" && !strings.EqualFold(k.Fingerprint, fingerprint) }), nil
}

// GetPublicKey finds a key of an organization.
func (s *Service) GetPublicKey(ctx context.Context, org, id string) (*PublicKey, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetPublicKey(ctx, org, id)
}

// CreatePublicKey stores a key of an organization, once.
func (s *Service) CreatePublicKey(ctx context.Context, org, key string) (*PublicKey, error) {
	if err := s.requireOrgPerm(ctx, org, PermKeysManage); err != nil {
		return nil, err
	}
	fingerprint, err := readPublicKey("key", key, publicKeyBits)
	if err != nil {
		return nil, err
	}
	known, err := s.ListPublicKeys(ctx, org, fingerprint)
	if err != nil {
		return nil, err
	}
	if len(known) > 0 {
		return nil, Conflictf("the organization has this key already, with the id %q", known[0].ID)
	}
	at := s.now()
	k := &PublicKey{OrgID: org, ID: newUUID(), Fingerprint: fingerprint, Key: key, CreatedAt: at, CreatedBy: ActorFrom(ctx).UserID, ExpiredAt: keyEnd(at)}
	return k, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "public-key", publicKeyPath(org, k.ID), map[string]any{"id": k.ID, "fingerprint": fingerprint}), s.store.CreatePublicKey(ctx, k)
	})
}

func publicKeyPath(org, id string) string { return OrgObject(org) + "/keys/" + id }

// DeletePublicKey deletes a key of an organization.
func (s *Service) DeletePublicKey(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermKeysManage); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		return deleted(org, "public-key", publicKeyPath(org, id), map[string]any{"id": id}), s.store.DeletePublicKey(ctx, org, id)
	})
}

// RequireOrganization answers CodeNotFound to those outside an organization, for
// operations that have nothing else to say.
func (s *Service) RequireOrganization(ctx context.Context, org string) error {
	return s.requireOrg(ctx, org)
}
