// Package ui holds the Web UI as it is built into the binary.
package ui

import (
	"embed"
	"io/fs"
)

//go:generate go run ./generate

// built is what `npm run build` made: nothing but a placeholder in a fresh checkout, so that the module builds without Node.
//
//go:embed all:dist
var built embed.FS

//go:embed placeholder
var placeholder embed.FS

// Files are the files of the Web UI, index.html among them. Where it was not built, they are one page that says so.
func Files() fs.FS {
	if files, err := fs.Sub(built, "dist"); err == nil {
		if _, err := fs.Stat(files, "index.html"); err == nil {
			return files
		}
	}
	files, err := fs.Sub(placeholder, "placeholder")
	if err != nil { // impossible: the folder is part of the binary
		return placeholder
	}
	return files
}
