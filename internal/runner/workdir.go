package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	stateName    = "terraform.tfstate"
	lockName     = ".terraform.lock.hcl"
	scriptName   = "overrides.tf"
	applyStream  = "apply.jsonl"
	statePointer = "folder" // holds the path of Terraform's folder inside the run's
)

// prepare makes the work directory: source, files, script, CLI configuration,
// lock file, and the newest snapshot as state.
func (w *work) prepare(ctx context.Context) error {
	var err error
	if w.engine, err = findEngine(ctx, w.settings, w.spec); err != nil {
		return err
	}
	checkout := filepath.Join(w.run.WorkDir, "work")
	for _, d := range []string{checkout, w.cacheFolder()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return fmt.Errorf("make the work directory: %w", err)
		}
	}
	inside := "work"
	if s := w.spec.Source; s != nil {
		if err := w.checkout(ctx, s, checkout); err != nil {
			return err
		}
		inside = filepath.Join(inside, filepath.FromSlash(s.Path))
	}
	w.dir = filepath.Join(w.run.WorkDir, inside)
	if info, err := os.Stat(w.dir); err != nil || !info.IsDir() {
		return drivers.Invalid("source: the repository has no folder %q", w.spec.Source.Path)
	}
	if err := w.writeFiles(); err != nil {
		return err
	}
	if w.stored != nil {
		if err := w.stored.bundle.place(checkout); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(w.run.WorkDir, statePointer), []byte(filepath.ToSlash(inside)), 0o600); err != nil {
		return fmt.Errorf("note the work directory: %w", err)
	}
	if err := os.WriteFile(w.cliConfig(), w.cliConfigText(), 0o600); err != nil {
		return fmt.Errorf("write the CLI configuration: %w", err)
	}
	if err := w.placeLockFile(); err != nil {
		return err
	}
	return w.states.write(filepath.Join(w.dir, stateName))
}

func (w *work) cacheFolder() string { return filepath.Join(w.settings.Folder, "plugin-cache") }
func (w *work) cliConfig() string   { return filepath.Join(w.run.WorkDir, "cli.tfrc") }

// writeFiles writes files and script; a symbolic link of the source is never followed.
func (w *work) writeFiles() error {
	all := map[string]string{}
	for name, content := range w.spec.Files {
		all[name] = content
	}
	if w.spec.Script != "" {
		all[scriptName] = w.spec.Script
	}
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return fmt.Errorf("open the work directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	for name, content := range all {
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return drivers.Invalid("file %q cannot be made: %v", name, err)
		}
		_ = root.Remove(name)
		if err := root.WriteFile(name, []byte(content), 0o600); err != nil {
			return drivers.Invalid("file %q cannot be written: %v", name, err)
		}
	}
	if err := root.RemoveAll(".terraform"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("clear the work directory: %w", err)
	}
	return nil
}

// cliConfigText is Terraform's CLI configuration: the shared plugin cache,
// where providers come from, and tokens. Without "may break", init installs a
// provider that the lock file does not know into the cache once more, under the
// hands of runs that execute it from there.
func (w *work) cliConfigText() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "disable_checkpoint = true\nplugin_cache_dir = %s\nplugin_cache_may_break_dependency_lock_file = true\n", hclString(w.cacheFolder()))
	if w.settings.Mirror != "" {
		fmt.Fprintf(&b, "provider_installation {\n  filesystem_mirror {\n    path = %s\n  }\n}\n", hclString(w.settings.Mirror))
	}
	for host, token := range w.spec.Tokens {
		fmt.Fprintf(&b, "credentials %s {\n  token = %s\n}\n", hclString(host), hclString(token))
	}
	return []byte(b.String())
}

func hclString(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(s))
}

// placeLockFile puts the provider lock file of this version of the definition
// where Terraform reads it, unless the source brings one. It holds checksums of
// one platform, so each platform has its own.
func (w *work) placeLockFile() error {
	code, err := json.Marshal([]any{w.engine.name, runtime.GOOS, runtime.GOARCH, w.spec.Script, w.spec.Files, sourceKey(w.spec.Source)})
	if err != nil {
		return fmt.Errorf("name the lock file: %w", err)
	}
	sum := sha256.Sum256(code)
	w.lockID = hex.EncodeToString(sum[:])
	path := filepath.Join(w.dir, lockName)
	if w.stored != nil && w.stored.bundle.Lock != "" {
		w.lockKnown = w.stored.bundle.Lock
		return os.WriteFile(path, []byte(w.lockKnown), 0o600)
	}
	if own, err := os.ReadFile(path); err == nil {
		w.lockKnown = string(own)
		return nil
	}
	content, err := read(w.job, "the provider lock file", func(ctx context.Context) (string, error) {
		return w.store.GetLockFile(ctx, w.run.OrgID, w.lockID)
	})
	if orchestrator.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	w.lockKnown = content
	return os.WriteFile(path, []byte(content), 0o600)
}

// keepLockFile stores the lock file that init made or completed.
func (w *work) keepLockFile(ctx context.Context) {
	content, err := os.ReadFile(filepath.Join(w.dir, lockName))
	if err != nil || string(content) == w.lockKnown {
		return
	}
	if err := w.store.PutLockFile(ctx, w.run.OrgID, w.lockID, string(content), w.entryTime()); err != nil {
		w.log.Warn("the provider lock file could not be kept", "error", err)
	}
}

// environment is all that Terraform sees of the outside. Temporary files stay where
// the system has them: sockets of providers need a short path.
func (w *work) environment() ([]string, error) {
	env := environment(os.Environ(), w.settings.PassEnvironment)
	for name, value := range w.spec.Environment {
		env = append(env, name+"="+value)
	}
	for _, variables := range []map[string]any{w.spec.Variables, w.spec.SecretVariables} {
		for name, value := range variables {
			text, set, err := variableText(value)
			if err != nil {
				return nil, drivers.Invalid("variable %q cannot be written as JSON", name)
			}
			if len(text) > maxVariable {
				return nil, drivers.Invalid("variable %q takes %d bytes, at most %d can be handed over; put it into a file", name, len(text), maxVariable)
			}
			if set {
				env = append(env, "TF_VAR_"+name+"="+text)
			}
		}
	}
	return append(env, "HOME="+w.dir, "TF_CLI_CONFIG_FILE="+w.cliConfig(),
		"TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1"), nil
}

// maxVariable is what the kernel takes as one string of an environment, less the name.
const maxVariable = 120 << 10

// variableText is the text of TF_VAR_name: a string as it is, anything else as
// JSON, nothing for null. Terraform reads JSON as an expression where the
// variable has a type, so "${" in it must not look like a template; written as
// \u0024 it is right for an expression and for jsondecode alike.
func variableText(value any) (text string, set bool, err error) {
	if value == nil {
		return "", false, nil
	}
	if s, ok := value.(string); ok {
		return s, true, nil
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return "", false, err
	}
	text = strings.TrimSuffix(b.String(), "\n")
	return strings.NewReplacer("${", `\u0024{`, "%{", `\u0025{`).Replace(text), true, nil
}
