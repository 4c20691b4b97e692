package sops_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/secrets/sops"
)

// officialTool gives the program of the nested module compat, which uses the official library: the one named in
// SLIPWAY_SOPS_COMPAT, or with SLIPWAY_SOPS_COMPAT=build one that is built now (minutes, with a cold cache).
func officialTool(t *testing.T) string {
	t.Helper()
	tool := os.Getenv("SLIPWAY_SOPS_COMPAT")
	if tool == "" {
		t.Skip("SLIPWAY_SOPS_COMPAT is not set (a path of the compat program, or \"build\"): not checked against the official library")
	}
	if tool != "build" {
		return tool
	}
	tool = filepath.Join(t.TempDir(), "compat")
	cmd := exec.Command("go", "build", "-o", tool, ".")
	cmd.Dir = "compat"
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return tool
}

func TestOfficialLibraryOpensOurFiles(t *testing.T) {
	tool := officialTool(t)
	identity := newIdentity(t)
	cmd := exec.Command(tool, "decrypt")
	cmd.Env = append(os.Environ(), "SOPS_AGE_KEY="+identity.String())
	cmd.Stdin = bytes.NewReader(encrypt(t, secretYAML, newIdentity(t).Recipient().String(), identity.Recipient().String()))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	requireSameYAML(t, secretYAML, out.String())
}

func TestWeOpenFilesOfTheOfficialLibrary(t *testing.T) {
	tool := officialTool(t)
	identity := newIdentity(t)
	cmd := exec.Command(tool, "encrypt", identity.Recipient().String())
	cmd.Stdin = bytes.NewReader([]byte(secretYAML))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	plain, err := sops.Decrypt(out.Bytes(), identity.String())
	require.NoError(t, err)
	requireSameYAML(t, secretYAML, string(plain))
}
