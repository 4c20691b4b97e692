package devenv

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync/atomic"
	"time"
)

// moduleFolder is where the dev server's module lies below the root of the repository.
const moduleFolder = "dev/temporal"

// buildNotice is the time between two lines about a build that is under way.
const buildNotice = 10 * time.Second

// BuildOptions says what to build the Temporal dev server from, and how much to say meanwhile.
type BuildOptions struct {
	// SourceDir is the root of Slipway's repository.
	SourceDir string
	// Dir receives the program; empty means CacheDir().
	Dir string
	// Offline keeps `go build` from the network: everything must be in the module cache.
	Offline bool
	// Log takes lines of progress; nil discards them.
	Log func(line string)
}

// BuildTemporal returns the path of a Temporal dev server built from SourceDir/dev/temporal.
//
// The file name carries a hash of the sources, so a second call returns at once and a changed source is built anew. The
// first build takes minutes (several hundred modules). Processes that build the same thing at the same time wait for
// each other.
func BuildTemporal(ctx context.Context, opts BuildOptions) (string, error) {
	dir := opts.Dir
	if dir == "" {
		var err error
		if dir, err = CacheDir(); err != nil {
			return "", err
		}
	}
	name, err := builtName(opts.SourceDir)
	if err != nil {
		return "", err
	}
	target := filepath.Join(dir, name)
	if isExecutable(target) {
		return target, nil
	}
	if err := makeWritable(dir); err != nil {
		return "", fmt.Errorf("build the Temporal dev server: %w", err)
	}
	unlock, err := waitForLock(ctx, target+".lock")
	if err != nil {
		return "", fmt.Errorf("wait for another build of the Temporal dev server: %w", err)
	}
	defer unlock()
	if isExecutable(target) { // built by the process that held the lock
		return target, nil
	}
	return target, runBuild(ctx, opts, target)
}

// CacheDir is the folder, shared by all projects of this user, in which programs are kept: <user cache>/slipway/bin.
func CacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w", err)
	}
	return filepath.Join(base, "slipway", "bin"), nil
}

// runBuild builds into a draft beside target and renames it, so that target is complete whenever it exists.
func runBuild(ctx context.Context, opts BuildOptions, target string) error {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return errors.New("build the Temporal dev server: no Go toolchain on PATH")
	}
	draft := target + ".new"
	defer func() { _ = os.Remove(draft) }()
	cmd := exec.CommandContext(ctx, goTool, "build", "-v", "-trimpath", "-ldflags", "-s -w", "-o", draft, ".")
	cmd.Dir = filepath.Join(opts.SourceDir, filepath.FromSlash(moduleFolder))
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if opts.Offline {
		cmd.Env = append(cmd.Env, "GOPROXY=off")
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("build the Temporal dev server: %w", err)
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build the Temporal dev server: %w", err)
	}
	log := logFunc(opts.Log)
	log.say("building the Temporal dev server (once; several minutes on two cores)")
	last := followBuild(stderr, started, log)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("build the Temporal dev server in %s: %w: %s", cmd.Dir, err, last)
	}
	log.say(fmt.Sprintf("built the Temporal dev server in %s", time.Since(started).Round(time.Second)))
	return os.Rename(draft, target)
}

// followBuild reads what `go build -v` prints, one package a line, says now and then how far it is, and returns the last
// lines, which hold the reason when the build failed.
func followBuild(r io.Reader, started time.Time, log logFunc) string {
	var packages atomic.Int64
	done := make(chan struct{})
	defer close(done)
	go func() {
		tick := time.NewTicker(buildNotice)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				log.say(fmt.Sprintf("building the Temporal dev server: %d packages, %s", packages.Load(), time.Since(started).Round(time.Second)))
			}
		}
	}()
	const keep = 10
	var tail []string
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		packages.Add(1)
		tail = append(tail, scanner.Text())
		if len(tail) > keep {
			tail = tail[1:]
		}
	}
	return strings.Join(tail, "; ")
}

// builtName derives the program's name from everything that decides what is built: sources, versions, platform and toolchain.
func builtName(sourceDir string) (string, error) {
	dir := filepath.Join(sourceDir, filepath.FromSlash(moduleFolder))
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", fmt.Errorf("list the sources in %s: %w", dir, err)
	}
	if sourceDir == "" || len(files) == 0 {
		return "", fmt.Errorf("build the Temporal dev server: no sources in %s: run from a checkout of Slipway", dir)
	}
	files = append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
	sort.Strings(files)
	hash := sha256.New()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("build the Temporal dev server: %w", err)
		}
		_, _ = fmt.Fprintf(hash, "%s %d\n", filepath.Base(file), len(content))
		_, _ = hash.Write(content)
	}
	_, _ = fmt.Fprintf(hash, "%s/%s", runtime.GOOS, runtime.GOARCH)
	return "temporal-dev-" + hex.EncodeToString(hash.Sum(nil))[:16], nil
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
