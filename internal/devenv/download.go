package devenv

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// The release of the temporal CLI that is fetched when there is none on PATH. It brings server 1.31.2, whose SQLite schema is the
// one of dev/temporal: a home may change between the two.
const (
	releaseVersion = "1.8.2"
	releaseSite    = "https://github.com/temporalio/cli/releases/download"
)

// releaseChecksums are the SHA-256 sums of the release's archives by GOOS_GOARCH, as public package manifests of that release
// give them. They are pinned here so that what runs on a developer's machine does not depend on the place it was fetched
// from: an archive with another sum is refused and the dev server is built from source instead, as on a platform that is not
// listed. A new releaseVersion needs new sums, taken from its checksums.txt.
var releaseChecksums = map[string]string{
	"darwin_amd64": "489d7f5420cae02b559774ac23df035141954c33a51dba96f5759a0ddccdf1b6",
	"darwin_arm64": "dacdc3587682c04cf27e67c8878ca2d755230b6ad63c0c6ebddd7348ae90ed94",
	"linux_amd64":  "d8421bda989e6514b4bdb4d63a9012a8a05a806892e881a5aad8510496349a94",
	"linux_arm64":  "83600a8fac6e3da54093e5da6918d399f501532b9f1172235603f9606f4ac6e4",
}

const (
	// connectTimeout is short: a machine without network must come to its build quickly.
	connectTimeout = 3 * time.Second
	answerTimeout  = 10 * time.Second
	// stallTimeout ends a download that has stopped moving.
	stallTimeout = 15 * time.Second
	// downloadLimit is far above any release (about 45 MB) and below what would fill a disk.
	downloadLimit = 512 << 20
)

func platform() string       { return runtime.GOOS + "_" + runtime.GOARCH }
func releaseProgram() string { return "temporal-cli-" + releaseVersion }

// downloadCLI fetches the pinned release into the first of dirs that can be written, and returns the program's path.
func downloadCLI(ctx context.Context, opts TemporalOptions, dirs []string) (string, error) {
	sum, ok := releaseChecksums[platform()]
	if !ok {
		return "", fmt.Errorf("download the temporal CLI: no release is pinned for %s", platform())
	}
	site := opts.ReleaseURL
	if site == "" {
		site = releaseSite
	}
	url := fmt.Sprintf("%s/v%s/temporal_cli_%s_%s.tar.gz", site, releaseVersion, releaseVersion, platform())
	var err error
	for _, dir := range dirs {
		target := filepath.Join(dir, releaseProgram())
		if err = fetchProgram(ctx, url, sum, target, logFunc(opts.Log)); err == nil {
			return target, nil
		}
		if !errors.Is(err, errNotWritable) {
			break
		}
	}
	return "", fmt.Errorf("download the temporal CLI: %w", err)
}

// fetchProgram puts the file `temporal` of the archive at url to target, provided that the archive has the checksum. Nothing
// of an archive is unpacked before all of it has been verified.
func fetchProgram(ctx context.Context, url, sum, target string, log logFunc) error {
	if err := makeWritable(filepath.Dir(target)); err != nil {
		return err
	}
	archive, err := os.CreateTemp(filepath.Dir(target), "download-*")
	if err != nil {
		return fmt.Errorf("%w: %w", errNotWritable, err)
	}
	defer func() {
		_ = archive.Close()
		_ = os.Remove(archive.Name())
	}()
	log.say("downloading the temporal CLI " + releaseVersion + " from " + url)
	got, err := fetch(ctx, url, archive)
	if err != nil {
		return err
	}
	if got != sum {
		return fmt.Errorf("%s has SHA-256 %s, not the pinned %s: it was discarded", url, got, sum)
	}
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the archive: %w", err)
	}
	return unpackProgram(archive, target)
}

// fetch copies what url serves to w and returns its SHA-256 in hex.
func fetch(ctx context.Context, url string, w io.Writer) (string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	res, err := releaseClient().Do(req)
	if err != nil {
		return "", err // names the URL
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", url, res.Status)
	}
	stall := time.AfterFunc(stallTimeout, func() { cancel(fmt.Errorf("nothing came for %s", stallTimeout)) })
	defer stall.Stop()
	hash := sha256.New()
	body := &progressReader{r: io.LimitReader(res.Body, downloadLimit), moved: func() { stall.Reset(stallTimeout) }}
	if _, err := io.Copy(io.MultiWriter(w, hash), body); err != nil {
		return "", fmt.Errorf("%s broke off: %w", url, errors.Join(err, context.Cause(ctx)))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// releaseClient gives up quickly on a network that is not there, and takes its time for the body.
func releaseClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSHandshakeTimeout:   connectTimeout,
		ResponseHeaderTimeout: answerTimeout,
		DisableKeepAlives:     true,
	}}
}

// progressReader calls moved whenever bytes came.
type progressReader struct {
	r     io.Reader
	moved func()
}

func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if n > 0 {
		p.moved()
	}
	return n, err
}

// unpackProgram writes the file `temporal` of a .tar.gz to target, complete or not at all.
func unpackProgram(archive io.Reader, target string) error {
	unzipped, err := gzip.NewReader(archive)
	if err != nil {
		return fmt.Errorf("unpack the archive: %w", err)
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return errors.New("unpack the archive: it holds no file called temporal")
		}
		if err != nil {
			return fmt.Errorf("unpack the archive: %w", err)
		}
		if filepath.Base(header.Name) == "temporal" && header.Typeflag == tar.TypeReg {
			return writeProgram(io.LimitReader(files, downloadLimit), target)
		}
	}
}

func writeProgram(r io.Reader, target string) error {
	draft, err := os.CreateTemp(filepath.Dir(target), "program-*")
	if err != nil {
		return fmt.Errorf("write the program: %w", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = io.Copy(draft, r)
	if err = errors.Join(err, draft.Chmod(0o755), draft.Close()); err != nil {
		return fmt.Errorf("write the program: %w", err)
	}
	return os.Rename(draft.Name(), target)
}

// errNotWritable lets the next folder be tried.
var errNotWritable = errors.New("the folder cannot be written")

// makeWritable makes a folder and proves that files can be made in it.
func makeWritable(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%w: %w", errNotWritable, err)
	}
	probe, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return fmt.Errorf("%w: %w", errNotWritable, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}
