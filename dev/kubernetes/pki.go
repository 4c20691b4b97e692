package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// validity of everything that is signed here; a home does not grow that old.
const validity = 10 * 365 * 24 * time.Hour

// preparePKI makes the keys of a home when it has none: one authority, a certificate for all servers, one for the administrator,
// and the key that signs service account tokens. They are readable by their owner only.
func (o *options) preparePKI() error {
	if _, err := os.Stat(o.path("pki", "complete")); err == nil {
		return nil
	}
	if err := os.MkdirAll(o.path("pki"), 0o700); err != nil {
		return fmt.Errorf("make the folder of the keys: %w", err)
	}
	authority := &x509.Certificate{
		Subject: pkix.Name{CommonName: "kubernetes-dev"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	signer, err := o.issue("ca", authority, nil, nil)
	if err != nil {
		return err
	}
	_, err = o.issue("server", &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
	}, authority, signer)
	if err != nil {
		return err
	}
	_, err = o.issue("admin", &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kubernetes-admin", Organization: []string{"system:masters"}},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, authority, signer)
	if err != nil {
		return err
	}
	if _, err := o.newKey("serviceaccount"); err != nil {
		return err
	}
	return os.WriteFile(o.path("pki", "complete"), nil, 0o600)
}

// issue writes a key and its certificate, signed by itself when there is no parent.
func (o *options) issue(name string, template, parent *x509.Certificate, signer crypto.Signer) (crypto.Signer, error) {
	key, err := o.newKey(name)
	if err != nil {
		return nil, err
	}
	if parent == nil {
		parent, signer = template, key
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("make the certificate %s: %w", name, err)
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().Add(validity)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, fmt.Errorf("make the certificate %s: %w", name, err)
	}
	return key, os.WriteFile(o.cert(name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)
}

func (o *options) newKey(name string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key %s: %w", name, err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make the key %s: %w", name, err)
	}
	file := o.key(name)
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("replace the key %s: %w", name, err)
	}
	return key, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}
