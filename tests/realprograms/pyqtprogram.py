#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small PyQt6 program that knows nothing of Flywheel: a button, a timer, a thread, a modal dialog."""

import sys

from PyQt6.QtCore import QObject, QThread, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget


class Worker(QObject):
    done = pyqtSignal(int)

    def work(self) -> None:
        self.done.emit(sum(range(1000)))


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("PyQt6 program")
        self.setGeometry(100, 100, 400, 300)
        self.label = QLabel("not asked")
        self.button = QPushButton("Ask the thread")
        self.button.clicked.connect(self.ask)
        layout = QVBoxLayout(self)
        layout.addWidget(self.label)
        layout.addWidget(self.button)
        self.thread = QThread()
        self.worker = Worker()
        self.worker.moveToThread(self.thread)
        self.worker.done.connect(self.answer)
        self.thread.start()

    def ask(self) -> None:
        self.label.setText("asked")
        QTimer.singleShot(20, self.worker.work)

    def answer(self, number: int) -> None:
        self.label.setText(f"the thread says {number}")
        dialog = QMessageBox(QMessageBox.Icon.NoIcon, "Answer", f"It is {number}.", parent=self)
        dialog.exec()
        self.label.setText("closed")

    def closeEvent(self, event) -> None:
        self.thread.quit()
        self.thread.wait()
        super().closeEvent(event)


application = QApplication(sys.argv)
window = Window()
window.show()
code = application.exec()
print(window.label.text())
sys.exit(code)
