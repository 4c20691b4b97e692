package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// apiVersions are the spellings of apiVersion that manifests have; the second, older one says object instead of entity.
var apiVersions = []string{"entity.humanitec.io/v1b1", "core.api.humanitec.io/v1"}

// manifest is one document: a thing that should exist, and how it should be.
type manifest struct {
	file     string
	document int // in its file, from 1
	line     int // where it starts
	kind     *manifestKind
	id       string
	metadata map[string]any
	// entity is what the API gets, placeholders and all, as it was written.
	entity map[string]any
	err    error // why it cannot be used; the fields above are then as far as they could be read
}

// where names the document in messages.
func (m manifest) where() string {
	return fmt.Sprintf("%s, document %d (line %d)", m.file, m.document, m.line)
}

// label names the thing in results, or its place when it has no name.
func (m manifest) label() string {
	if m.kind == nil || m.id == "" {
		return m.where()
	}
	return m.kind.name + " " + m.id
}

// failure spells what is wrong with a document, with its place.
func (m manifest) failure(message string) string {
	if m.label() == m.where() {
		return "error: " + m.where() + ": " + message
	}
	return "error: " + m.where() + ": " + m.label() + ": " + message
}

// readManifests reads a file, all files below a folder, or standard input for -. Documents that cannot be used come with
// their error; an error is returned only when there is nothing to read.
func (a *app) readManifests(paths []string) ([]manifest, error) {
	if len(paths) == 0 {
		return nil, usagef("name a file or folder with -f; - is standard input")
	}
	var out []manifest
	for _, path := range paths {
		files, err := a.manifestFiles(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			raw, err := a.readFile(file)
			if err != nil && file == "-" {
				return nil, err
			}
			if err != nil {
				out = append(out, manifest{file: file, document: 1, line: 1, err: err})
				continue
			}
			out = append(out, parseManifests(file, raw)...)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no document in it", strings.Join(paths, ", "))
	}
	return out, nil
}

// manifestFiles finds the YAML and JSON files below a folder, in order; folders whose names start with a dot are left out.
func (a *app) manifestFiles(path string) ([]string, error) {
	if path == "-" {
		return []string{path}, nil
	}
	info, err := os.Stat(absolute(a.dir, path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist", path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, plainPathError(err))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var out []string
	root := absolute(a.dir, path)
	err = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != root && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if entry.Type().IsRegular() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(file)) {
			relative, err := filepath.Rel(root, file)
			out = append(out, filepath.Join(path, relative))
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no .yaml, .yml or .json file in it", path)
	}
	return out, nil
}

// parseManifests splits a file into its documents and reads each on its own, so that a broken one does not hide others.
func parseManifests(file string, raw []byte) []manifest {
	var out []manifest
	for _, part := range splitDocuments(raw) {
		m := manifest{file: file, document: len(out) + 1, line: part.line}
		// Line breaks in front make the parser count lines as the file does.
		tree, err := plainYAML(append(bytes.Repeat([]byte("\n"), part.line-1), part.text...))
		if err == nil && tree == nil {
			continue // nothing but comments
		}
		if err != nil {
			m.err = fmt.Errorf("it is not valid YAML: %w", err)
			out = append(out, m)
			continue
		}
		m.err = m.read(tree)
		out = append(out, m)
	}
	return out
}

// part is the text of one document and the line it starts on.
type part struct {
	line int
	text []byte
}

// splitDocuments splits at lines that start with ---; inside a document YAML allows none.
func splitDocuments(raw []byte) []part {
	out := []part{{line: 1}}
	line := 0
	for text := range bytes.Lines(raw) {
		line++
		last := &out[len(out)-1]
		rest, marker := bytes.CutPrefix(text, []byte("---"))
		if !marker || (len(rest) > 0 && !bytes.ContainsAny(rest[:1], " \t\r\n")) {
			last.text = append(last.text, text...)
			continue
		}
		out = append(out, part{line: line, text: append([]byte("   "), rest...)})
	}
	return out
}

// read takes the envelope apart.
func (m *manifest) read(tree any) error {
	object, ok := tree.(map[string]any)
	if !ok {
		return errors.New("it must be an object with apiVersion, kind, metadata and entity")
	}
	version, _ := object["apiVersion"].(string)
	if strings.HasPrefix(version, "score.dev/") {
		return fmt.Errorf("it is a Score file; deploy it with: slipway score deploy -f %s", m.file)
	}
	if !slices.Contains(apiVersions, version) {
		return fmt.Errorf("apiVersion is %q; expected %s", version, strings.Join(apiVersions, " or "))
	}
	name, _ := object["kind"].(string)
	if m.kind = findManifestKind(name); m.kind == nil {
		return unknownKind(name)
	}
	m.metadata, _ = object["metadata"].(map[string]any)
	m.id, _ = m.metadata["id"].(string)
	if m.id == "" {
		return fmt.Errorf("metadata.id is missing or no text; give the %s an id", m.kind.name)
	}
	entity := object["entity"]
	if entity == nil {
		entity = object["object"]
	}
	if m.entity, ok = entity.(map[string]any); entity != nil && !ok {
		return errors.New("entity must be an object")
	}
	if m.entity == nil {
		m.entity = map[string]any{}
	}
	// What cannot be written as JSON, such as .inf, would fail later without its place.
	if _, err := json.Marshal(m.entity); err != nil {
		return fmt.Errorf("entity has a value that JSON has not: %w", err)
	}
	return nil
}

func unknownKind(name string) error {
	var known []string
	for _, k := range manifestKinds {
		known = append(known, k.kind)
	}
	hint := ""
	for _, k := range known {
		if editDistance(strings.ToLower(name), strings.ToLower(k)) <= 2 {
			hint = fmt.Sprintf("; did you mean %q?", k)
		}
	}
	return fmt.Errorf("kind %q is not known%s (known: %s)", name, hint, strings.Join(known, ", "))
}
