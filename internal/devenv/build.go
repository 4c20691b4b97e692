package devenv

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// buildable is a nested module below dev/ that is built into one program.
type buildable struct {
	folder  string // below the root of the repository
	prefix  string // of the program's name; a hash of the sources follows
	title   string // for people
	main    string // package of another module that is built; empty means the folder's own
	ldflags string // beside those that all programs are built with
}

var temporalServer = buildable{folder: "dev/temporal", prefix: "temporal-dev-", title: "the Temporal dev server"}

// buildNotice is the time between two lines about a build that is under way.
const buildNotice = 10 * time.Second

// BuildOptions says what to build a dev server from, and how much to say meanwhile.
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
	return temporalServer.build(ctx, opts)
}

// build returns the path of the program, which it makes when it is not there yet.
func (b buildable) build(ctx context.Context, opts BuildOptions) (string, error) {
	target, err := b.target(opts)
	if err != nil {
		return "", err
	}
	if isExecutable(target) {
		return target, nil
	}
	if err := makeWritable(filepath.Dir(target)); err != nil {
		return "", fmt.Errorf("build %s: %w", b.title, err)
	}
	unlock, err := waitForLock(ctx, target+".lock")
	if err != nil {
		return "", fmt.Errorf("wait for another build of %s: %w", b.title, err)
	}
	defer unlock()
	if isExecutable(target) { // built by the process that held the lock
		return target, nil
	}
	return target, b.run(ctx, opts, target)
}

// target is the path that the program has once it is built.
func (b buildable) target(opts BuildOptions) (string, error) {
	dir := opts.Dir
	if dir == "" {
		var err error
		if dir, err = CacheDir(); err != nil {
			return "", err
		}
	}
	name, err := b.programName(opts.SourceDir)
	return filepath.Join(dir, name), err
}

// CacheDir is the folder, shared by all projects of this user, in which programs are kept: <user cache>/slipway/bin.
func CacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w", err)
	}
	return filepath.Join(base, "slipway", "bin"), nil
}

// run builds into a draft beside target and renames it, so that target is complete whenever it exists.
func (b buildable) run(ctx context.Context, opts BuildOptions, target string) error {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("build %s: no Go toolchain on PATH", b.title)
	}
	draft := target + ".new"
	defer func() { _ = os.Remove(draft) }()
	pkg := b.main
	if pkg == "" {
		pkg = "."
	}
	cmd := exec.CommandContext(ctx, goTool, "build", "-v", "-trimpath", "-ldflags", strings.TrimSpace("-s -w "+b.ldflags), "-o", draft, pkg)
	cmd.Dir = filepath.Join(opts.SourceDir, filepath.FromSlash(b.folder))
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if opts.Offline {
		cmd.Env = append(cmd.Env, "GOPROXY=off")
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("build %s: %w", b.title, err)
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build %s: %w", b.title, err)
	}
	log := logFunc(opts.Log)
	log.say(fmt.Sprintf("building %s (once; several minutes on two cores)", b.title))
	last := b.follow(stderr, started, log)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("build %s in %s: %w: %s", b.title, cmd.Dir, err, last)
	}
	log.say(fmt.Sprintf("built %s in %s", b.title, time.Since(started).Round(time.Second)))
	return os.Rename(draft, target)
}

// follow reads what `go build -v` prints, one package a line, says now and then how far it is, and returns the last
// lines, which hold the reason when the build failed.
func (b buildable) follow(r io.Reader, started time.Time, log logFunc) string {
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
				log.say(fmt.Sprintf("building %s: %d packages, %s", b.title, packages.Load(), time.Since(started).Round(time.Second)))
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

// programName derives the program's name from everything that decides what is built: sources, versions, platform and toolchain.
func (b buildable) programName(sourceDir string) (string, error) {
	dir := filepath.Join(sourceDir, filepath.FromSlash(b.folder))
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", fmt.Errorf("list the sources in %s: %w", dir, err)
	}
	if sourceDir == "" || len(files) == 0 {
		return "", fmt.Errorf("build %s: no sources in %s: run from a checkout of Slipway", b.title, dir)
	}
	embedded, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return "", fmt.Errorf("list the sources in %s: %w", dir, err)
	}
	files = append(append(files, embedded...), filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
	sort.Strings(files)
	hash := sha256.New()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("build %s: %w", b.title, err)
		}
		_, _ = fmt.Fprintf(hash, "%s %d\n", filepath.Base(file), len(content))
		_, _ = hash.Write(content)
	}
	_, _ = fmt.Fprintf(hash, "%s/%s", runtime.GOOS, runtime.GOARCH)
	if b.main != "" {
		_, _ = fmt.Fprintf(hash, " %s %s", b.main, b.ldflags)
	}
	return b.prefix + hex.EncodeToString(hash.Sum(nil))[:16], nil
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
