package devenv_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/devenv"
)

// archive is a release: a .tar.gz with the files given.
func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	tarred := tar.NewWriter(zipped)
	for name, content := range files {
		require.NoError(t, tarred.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}))
		_, err := tarred.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, tarred.Close())
	require.NoError(t, zipped.Close())
	return out.Bytes()
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func TestFetchProgram(t *testing.T) {
	t.Parallel()
	good := archive(t, map[string]string{"LICENSE": "text", "temporal": "#!/bin/sh\necho hello\n"})
	hollow := archive(t, map[string]string{"LICENSE": "text"})
	serve := func(content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }
	}
	cases := map[string]struct {
		handler http.HandlerFunc
		sum     string
		wantErr string
	}{
		"the pinned release":        {handler: serve(good), sum: sumOf(good)},
		"another file":              {handler: serve(hollow), sum: sumOf(good), wantErr: "has SHA-256 " + sumOf(hollow) + ", not the pinned " + sumOf(good)},
		"one byte more":             {handler: serve(append(bytes.Clone(good), 0)), sum: sumOf(good), wantErr: "not the pinned"},
		"no such release":           {handler: http.NotFound, sum: sumOf(good), wantErr: "answers 404 Not Found"},
		"an archive without it":     {handler: serve(hollow), sum: sumOf(hollow), wantErr: "holds no file called temporal"},
		"no archive":                {handler: serve([]byte("hello")), sum: sumOf([]byte("hello")), wantErr: "unpack the archive"},
		"a connection that is cut":  {handler: cutAfter(good, len(good)/2), sum: sumOf(good), wantErr: "broke off"},
		"a connection cut at once":  {handler: cutAfter(good, 0), sum: sumOf(good), wantErr: "EOF"},
		"an answer of no bytes":     {handler: serve(nil), sum: sumOf(good), wantErr: "not the pinned"},
		"a page instead of archive": {handler: serve([]byte("<html>sign in</html>")), sum: sumOf(good), wantErr: "not the pinned"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := httptest.NewServer(tc.handler)
			defer site.Close()
			target := filepath.Join(t.TempDir(), "bin", "temporal-cli")
			err := devenv.FetchProgram(t.Context(), site.URL+"/release.tar.gz", tc.sum, target, nil)
			left, readErr := os.ReadDir(filepath.Dir(target))
			require.NoError(t, readErr)
			if tc.wantErr != "" {
				require.ErrorContains(t, err, tc.wantErr)
				require.Empty(t, left, "a failed download leaves nothing behind")
				return
			}
			require.NoError(t, err)
			require.Len(t, left, 1)
			info, err := os.Stat(target)
			require.NoError(t, err)
			require.NotZero(t, info.Mode()&0o111, "it can be executed")
		})
	}
}

// cutAfter promises all of content and closes the connection after n bytes.
func cutAfter(content []byte, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		if n == 0 {
			return
		}
		_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(len(content)) + "\r\n\r\n")
		_, _ = buffered.Write(content[:n])
		_ = buffered.Flush()
	}
}

func TestFetchProgramGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-release
	}))
	defer site.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := devenv.FetchProgram(ctx, site.URL, "x", filepath.Join(t.TempDir(), "temporal"), nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
