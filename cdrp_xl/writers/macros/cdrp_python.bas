Attribute VB_Name = "cdrp_python"
Option Private Module

' No Option Explicit here: ThisComponent is LibreOffice's word for the open document. Excel does not know it and takes
' it for an empty variable, which is how the two are told apart.

Public Sub RunButton(ByVal button As String, ByVal command As String)
    If IsObject(ThisComponent) Then
        RunInLibreOffice button, command
    Else
        RunInExcel button, command
    End If
End Sub
