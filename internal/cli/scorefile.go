package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/engine/score"
	"github.com/slipway-dev/slipway/internal/api"
)

// scoreFlags are what a conversion may be told besides the file.
type scoreFlags struct {
	files      []string
	image      string
	overrides  string
	extensions string
	properties []string
	aliases    []string
	source     string
	// withoutFiles makes content up for files that are not there, and warns.
	withoutFiles bool
}

func (f *scoreFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.files, "file", "f", nil, "Score file; - is standard input; may be given several times (default score.yaml)")
	flags.StringVar(&f.image, "image", "", "image of containers that have none, or \".\"")
	flags.StringVar(&f.overrides, "overrides", "", "file with Score content to merge over the Score file")
	flags.StringVar(&f.extensions, "extensions", "", "file with extensions: what Score cannot say (profile, spec, deploy)")
	flags.StringArrayVarP(&f.properties, "property", "p", nil, "path=value to override one property; an empty value removes it; may be given several times")
	flags.StringArrayVar(&f.aliases, "type-alias", nil, "from=to to ask for another Resource Type; may be given several times")
	flags.StringVar(&f.source, "workload-source-url", "", "address of the source code, kept as an annotation of the workload")
}

// scoreInput is one Score file with everything that goes with it.
type scoreInput struct {
	file string
	api.ConvertScoreRequest
}

// scoreInputs reads all Score files and what goes with them.
func (a *app) scoreInputs(f scoreFlags) ([]scoreInput, error) {
	files := f.files
	if len(files) == 0 {
		files = []string{"score.yaml"}
	}
	if len(files) > 1 && (f.overrides != "" || f.extensions != "" || len(f.properties) > 0) {
		return nil, usagef("--overrides, --extensions and --property are about one Score file; deploy that one on its own")
	}
	var shared api.ConvertScoreRequest
	var err error
	shared.Image = f.image
	if shared.Overrides, err = a.readOptional(f.overrides, "overrides"); err != nil {
		return nil, err
	}
	if shared.Extensions, err = a.readOptional(f.extensions, "extensions"); err != nil {
		return nil, err
	}
	if shared.PropertyOverrides, err = properties(f.properties); err != nil {
		return nil, err
	}
	if shared.ResourceTypeAliases, err = aliases(f.aliases); err != nil {
		return nil, err
	}
	var out []scoreInput
	for _, file := range files {
		in := scoreInput{file: file, ConvertScoreRequest: shared}
		if in.Spec, err = a.readScore(file, f.withoutFiles); err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

// readScore reads a Score file and puts the files it refers to inside, which the server cannot read.
func (a *app) readScore(file string, withoutFiles bool) (map[string]any, error) {
	raw, err := a.readFile(file)
	if err != nil {
		return nil, err
	}
	spec, err := score.ParseYAML(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	dir := a.dir
	if file != "-" {
		dir = filepath.Dir(absolute(a.dir, file))
	}
	spec, err = score.InlineFiles(spec, func(name string) ([]byte, error) {
		raw, err := readRegular(absolute(dir, filepath.FromSlash(name)))
		if withoutFiles && errors.Is(err, fs.ErrNotExist) {
			a.note(fmt.Sprintf("warning: %s: the file %s is not there; a deployment needs it", file, name))
			return []byte("missing"), nil
		}
		return raw, plainPathError(err)
	})
	if err != nil {
		return nil, scoreError(file, err)
	}
	return spec, nil
}

// maxFile bounds what is read into memory: more could not be sent anyway.
const maxFile = 8 << 20

// readRegular reads a file that ends: no device, no pipe.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	}
	return os.ReadFile(path)
}

// readFile reads a file the user named, or standard input for -.
func (a *app) readFile(file string) ([]byte, error) {
	if file == "-" {
		raw, err := interruptible(a.root.Context(), func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.in, maxFile+1)) })
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		if len(raw) > maxFile {
			return nil, fmt.Errorf("standard input is larger than %d MiB", maxFile>>20)
		}
		return raw, nil
	}
	raw, err := readRegular(absolute(a.dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist; name the file with -f", file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", file, plainPathError(err))
	}
	return raw, nil
}

// plainPathError leaves the path out, which the reader of the message knows already.
func plainPathError(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (a *app) readOptional(file, what string) (map[string]any, error) {
	if file == "" {
		return nil, nil
	}
	raw, err := a.readFile(file)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", what, err)
	}
	tree, err := plainYAML(raw)
	if err != nil {
		return nil, fmt.Errorf("--%s: %s is not YAML: %w", what, file, err)
	}
	object, ok := tree.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("--%s: %s must hold an object", what, file)
	}
	return object, nil
}

// properties reads path=value. A value is YAML, so that numbers, true and lists can be given; text that is no YAML is
// itself.
func properties(given []string) (map[string]any, error) {
	out := map[string]any{}
	for _, p := range given {
		path, text, ok := strings.Cut(p, "=")
		if !ok || path == "" {
			return nil, usagef("--property is path=value, got %q", p)
		}
		if text == "" {
			out[path] = nil
			continue
		}
		var node yaml.Node
		value := any(text)
		if err := yaml.Unmarshal([]byte(text), &node); err == nil {
			keepText(&node)
			if node.Decode(&value) != nil {
				value = text
			}
		}
		out[path] = value
	}
	return out, nil
}

func aliases(given []string) (map[string]string, error) {
	out := map[string]string{}
	for _, pair := range given {
		from, to, ok := strings.Cut(pair, "=")
		if !ok || from == "" || to == "" {
			return nil, usagef("--type-alias is from=to, got %q", pair)
		}
		out[from] = to
	}
	return out, nil
}

// scoreError lists everything that is wrong with a Score file, one in a line.
func scoreError(file string, err error) error {
	var found *score.Error
	if !errors.As(err, &found) {
		return fmt.Errorf("%s: %w", file, err)
	}
	lines := []string{fmt.Sprintf("%s: %s", file, plural(len(found.Problems), "problem"))}
	for _, p := range found.Problems {
		lines = append(lines, "  "+p.String())
	}
	return errors.New(strings.Join(lines, "\n"))
}
