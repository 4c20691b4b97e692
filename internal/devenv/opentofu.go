package devenv

import (
	"context"
	"errors"
)

// OpenTofuVersion is the version that dev/opentofu/go.mod pins.
const OpenTofuVersion = "1.12.6"

// openTofu is OpenTofu's own main package. Without the flag it would call itself a prerelease, which no version constraint of a
// definition admits.
var openTofu = buildable{
	folder: "dev/opentofu", prefix: "opentofu-" + OpenTofuVersion + "-", title: "OpenTofu " + OpenTofuVersion,
	main: "github.com/opentofu/opentofu/cmd/tofu", ldflags: "-X github.com/opentofu/opentofu/version.dev=no",
}

// BuildOpenTofu returns the path of an OpenTofu built from SourceDir/dev/opentofu, as BuildTemporal does for Temporal.
func BuildOpenTofu(ctx context.Context, opts BuildOptions) (string, error) {
	return openTofu.build(ctx, opts)
}

// KeptOpenTofu returns the path of an OpenTofu that BuildOpenTofu has built before from the same sources; false when there is none.
func KeptOpenTofu(opts BuildOptions) (string, bool) {
	path, err := openTofu.target(opts)
	return path, err == nil && isExecutable(path)
}

// OpenTofuOptions says where ProvideOpenTofu may look and build.
type OpenTofuOptions struct {
	// Home is the folder of this `slipway dev`; its folder bin takes the program when the user's cache cannot be written.
	Home string
	// SourceDir is the root of a checkout of Slipway, to build dev/opentofu from.
	SourceDir string
	// Offline keeps the build from the network.
	Offline bool
	// CacheDir replaces CacheDir(), the folder of programs that all homes share.
	CacheDir string
	// Log takes lines of progress for the person who waits; nil discards them.
	Log func(line string)
}

// ProvideOpenTofu returns the path of the OpenTofu in the cache that all homes share, or in the home, and builds it when it is in
// neither: the first time takes minutes.
func ProvideOpenTofu(ctx context.Context, opts OpenTofuOptions) (string, error) {
	var err error
	for _, dir := range programDirs(TemporalOptions{CacheDir: opts.CacheDir, Home: opts.Home}) {
		var path string
		path, err = BuildOpenTofu(ctx, BuildOptions{SourceDir: opts.SourceDir, Dir: dir, Offline: opts.Offline, Log: opts.Log})
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, errNotWritable) {
			break
		}
	}
	return "", err
}
