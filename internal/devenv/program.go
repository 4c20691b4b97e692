package devenv

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
)

// program is an executable that can be a Temporal dev server.
type program struct {
	path   string
	source string
	args   func(TemporalOptions) []string
}

// errNoProgram introduces the reasons when nothing could be had.
var errNoProgram = errors.New("no Temporal to start: install the temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS")

// findProgram returns the first that is there or can be had. What is on this machine comes before the network, the network
// before minutes of building. A failure of one way is said and the next one tried.
func findProgram(ctx context.Context, opts TemporalOptions) (program, error) {
	if path, err := exec.LookPath("temporal"); err == nil {
		return cliProgram(path, SourcePath), nil
	}
	dirs := programDirs(opts)
	if p, ok := keptProgram(opts, dirs); ok {
		return p, nil
	}
	log := logFunc(opts.Log)
	reasons := []error{errNoProgram}
	if opts.AllowDownload && !opts.Offline {
		path, err := downloadCLI(ctx, opts, dirs)
		if err == nil {
			return cliProgram(path, SourceDownload), nil
		}
		if ctx.Err() != nil {
			return program{}, ctx.Err()
		}
		log.say(err.Error())
		reasons = append(reasons, err)
	}
	var err error
	for _, dir := range dirs {
		var path string
		path, err = BuildTemporal(ctx, BuildOptions{SourceDir: opts.SourceDir, Dir: dir, Offline: opts.Offline, Log: opts.Log})
		if err == nil {
			return devProgram(path), nil
		}
		if !errors.Is(err, errNotWritable) {
			break
		}
	}
	return program{}, joinLine(append(reasons, err))
}

// programDirs are the folders that hold programs: the cache that all homes share, then the home's own.
func programDirs(opts TemporalOptions) []string {
	var dirs []string
	shared := opts.CacheDir
	if shared == "" {
		shared, _ = CacheDir() // no home folder, no cache
	}
	if shared != "" {
		dirs = append(dirs, shared)
	}
	return append(dirs, filepath.Join(opts.Home, "bin"))
}

// keptProgram finds what an earlier run fetched or built. A build is used only for the sources that it was built from.
func keptProgram(opts TemporalOptions, dirs []string) (program, bool) {
	for _, dir := range dirs {
		if path := filepath.Join(dir, releaseProgram()); isExecutable(path) {
			return cliProgram(path, SourceDownload), true
		}
	}
	name, err := temporalServer.programName(opts.SourceDir)
	if err != nil {
		return program{}, false
	}
	for _, dir := range dirs {
		if path := filepath.Join(dir, name); isExecutable(path) {
			return devProgram(path), true
		}
	}
	return program{}, false
}

// cliProgram is the official CLI, whose start-dev takes the same things under other names.
func cliProgram(path, source string) program {
	return program{path: path, source: source, args: func(opts TemporalOptions) []string {
		args := []string{
			"server", "start-dev", "--headless=false", "--ip", "127.0.0.1", "--log-level", "warn",
			"--db-filename", opts.database(),
			"--port", strconv.Itoa(opts.Port), "--ui-port", strconv.Itoa(opts.UIPort), "--namespace", opts.Namespace,
		}
		return withCodec(args, opts)
	}}
}

func devProgram(path string) program {
	return program{path: path, source: SourceBuild, args: func(opts TemporalOptions) []string {
		args := []string{
			"--db", opts.database(),
			"--port", strconv.Itoa(opts.Port), "--ui-port", strconv.Itoa(opts.UIPort), "--namespace", opts.Namespace,
		}
		return withCodec(args, opts)
	}}
}

func withCodec(args []string, opts TemporalOptions) []string {
	if opts.UICodecEndpoint == "" {
		return args
	}
	return append(args, "--ui-codec-endpoint", opts.UICodecEndpoint)
}

// joinLine makes one line of several errors, so that a terminal shows one message.
func joinLine(errs []error) error {
	joined := errs[0]
	for _, err := range errs[1:] {
		joined = fmt.Errorf("%w; %w", joined, err)
	}
	return joined
}
